package dev.wxphone.cli;

import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest. */
public final class ManifestVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"wxphone " + version()};
  }

  /** Returns the version alone. */
  public static String version() {
    String version = ManifestVersion.class.getPackage().getImplementationVersion();
    return version == null ? "(from a checkout)" : version;
  }
}
