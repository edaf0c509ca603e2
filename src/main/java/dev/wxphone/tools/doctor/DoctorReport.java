package dev.wxphone.tools.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wxphone.operator.LineWrap;
import dev.wxphone.operator.SafeText;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Formats findings as text and as JSON, and counts them. */
public final class DoctorReport {
  private static final String REMEDY = "       → ";

  private int checks;
  private int wrong;
  private int unchecked;

  /** Counts a finding. */
  public void add(Finding finding) {
    checks++;
    if (finding instanceof Wrong) {
      wrong++;
    } else if (finding instanceof Unchecked) {
      unchecked++;
    }
  }

  /** Returns whether nothing was found wrong. */
  public boolean isWell() {
    return wrong == 0;
  }

  /** Returns the last line of the report. */
  public String verdict() {
    String skipped = unchecked == 0 ? "." : "; %d could not be checked.".formatted(unchecked);
    return isWell()
        ? "Nothing is wrong" + (unchecked == 0 ? "" : " as far as could be seen") + skipped
        : "%d of %d %s wrong%s".formatted(wrong, checks, wrong == 1 ? "is" : "are", skipped);
  }

  /**
   * Returns the lines of a finding and its remedy.
   *
   * @param style applied to the mark of what is wrong
   * @param width to which longer lines are broken
   */
  public static List<String> text(Finding finding, UnaryOperator<String> style, LineWrap width) {
    String mark = String.format(Locale.ROOT, "%-6s", mark(finding));
    String heading = String.format(Locale.ROOT, "%s %-14s  ", mark, finding.check());
    List<String> lines = new ArrayList<>(width.lines(heading, SafeText.escaped(finding.seen())));
    if (finding instanceof Wrong) {
      lines.set(0, style.apply(mark) + lines.get(0).substring(mark.length()));
    }
    if (!remedy(finding).isEmpty()) {
      lines.addAll(width.lines(REMEDY, SafeText.escaped(remedy(finding))));
    }
    return lines;
  }

  /** Returns a finding as a JSON object on one line. */
  public static String json(Finding finding) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("check", finding.check());
    object.put("outcome", outcome(finding));
    object.put("seen", finding.seen());
    if (!remedy(finding).isEmpty()) {
      object.put("remedy", remedy(finding));
    }
    return object.toString();
  }

  private static String mark(Finding finding) {
    if (finding instanceof Fine) {
      return "ok";
    }
    return finding instanceof Wrong ? "WRONG" : "?";
  }

  private static String outcome(Finding finding) {
    if (finding instanceof Fine) {
      return "ok";
    }
    return finding instanceof Wrong ? "wrong" : "unchecked";
  }

  private static String remedy(Finding finding) {
    if (finding instanceof Wrong found) {
      return found.remedy();
    }
    return finding instanceof Unchecked found ? found.remedy() : "";
  }
}
