package dev.wxphone.cli;

import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest. */
public final class ManifestVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = ManifestVersion.class.getPackage().getImplementationVersion();
    return new String[] {"wxphone " + (version == null ? "(from a checkout)" : version)};
  }
}
