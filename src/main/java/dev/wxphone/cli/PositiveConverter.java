package dev.wxphone.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A whole number from 1 to 999,999,999. */
public final class PositiveConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    if (!value.matches("0*[1-9][0-9]{0,8}")) {
      throw new TypeConversionException("takes a whole number, 1 or more");
    }
    return Integer.valueOf(value);
  }
}
