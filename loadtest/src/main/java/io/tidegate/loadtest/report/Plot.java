package io.tidegate.loadtest.report;

import static io.tidegate.loadtest.report.Html.escape;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** A plot of lines as SVG, whose colours the page's style sheet gives. Immutable. */
record Plot(
    String title,
    String unit,
    List<Line> lines,
    List<Tick> ticks,
    double from,
    double to,
    boolean logarithmic) {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 260;
  private static final int LEFT = 64;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 30;
  private static final int STEPS = 4;
  private static final int COLOURS = 5;

  /** Points from left to right; a null value is a gap. */
  record Line(String name, List<Double> xs, List<@Nullable Double> ys) {
    Line {
      xs = List.copyOf(xs);
      ys = new ArrayList<>(ys);
    }
  }

  /** A mark of the horizontal axis. */
  record Tick(double at, String text) {}

  Plot {
    lines = List.copyOf(lines);
    ticks = List.copyOf(ticks);
  }

  /** Over seconds of a run. */
  static Plot overTime(
      String title, String unit, List<Line> lines, double end, boolean logarithmic) {
    double last = Math.max(end, 1);
    var ticks = new ArrayList<Tick>();
    double step = nice(last / 6);
    for (int i = 0; i * step <= last; i++) {
      ticks.add(new Tick(i * step, number(i * step) + " s"));
    }
    return new Plot(title, unit, lines, ticks, 0, last, logarithmic);
  }

  String svg() {
    var svg = new StringBuilder();
    svg.append("<figure><figcaption>").append(escape(title)).append(" <small>");
    svg.append(escape(unit)).append("</small></figcaption>");
    legend(svg);
    svg.append(
        format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, HEIGHT, escape(title)));
    List<Double> rungs = rungs();
    double bottom = rungs.get(0);
    double top = rungs.get(rungs.size() - 1);
    DoubleFunction<Double> y = value -> y(value, bottom, top);
    for (double rung : rungs) {
      double at = y.apply(rung);
      svg.append(
          format(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - RIGHT, at, at));
      svg.append(
          format(
              "<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>", LEFT - 8, at + 4, number(rung)));
    }
    for (Tick tick : ticks) {
      svg.append(
          format(
              "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s</text>",
              x(tick.at), HEIGHT - 8, escape(tick.text)));
    }
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), i, y);
    }
    return svg.append("</svg></figure>\n").toString();
  }

  private void legend(StringBuilder svg) {
    if (lines.size() < 2) {
      return;
    }
    svg.append("<p class=\"legend\">");
    for (int i = 0; i < lines.size(); i++) {
      svg.append(
          format("<span><i class=\"b%d\"></i>%s</span>", i % COLOURS, escape(lines.get(i).name)));
    }
    svg.append("</p>");
  }

  private void draw(StringBuilder svg, Line line, int number, DoubleFunction<Double> y) {
    var path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < line.xs.size(); i++) {
      Double value = line.ys.get(i);
      if (value != null) {
        path.append(format("%s%.1f %.1f", pen ? "L" : "M", x(line.xs.get(i)), y.apply(value)));
      }
      pen = value != null;
    }
    svg.append(
        format(
            "<path class=\"l%d\" d=\"%s\"><title>%s</title></path>",
            number % COLOURS, path, escape(line.name)));
    if (line.xs.size() == 1 && line.ys.get(0) != null) {
      // A line of one point would not be seen.
      svg.append(
          format(
              "<circle class=\"l%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
              number % COLOURS, x(line.xs.get(0)), y.apply(line.ys.get(0))));
    }
  }

  private double x(double value) {
    double share = to > from ? (value - from) / (to - from) : 0;
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value, double bottom, double top) {
    double share =
        logarithmic
            ? (Math.log10(Math.max(value, bottom)) - Math.log10(bottom))
                / (Math.log10(top) - Math.log10(bottom))
            : (value - bottom) / (top - bottom);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  /** Values of the horizontal lines, the lowest first. */
  private List<Double> rungs() {
    double most = 0;
    double least = Double.MAX_VALUE;
    for (Line line : lines) {
      for (Double value : line.ys) {
        if (value != null) {
          most = Math.max(most, value);
          least = Math.min(least, Math.max(value, 1e-3));
        }
      }
    }
    var rungs = new ArrayList<Double>();
    if (logarithmic) {
      double rung = Math.pow(10, Math.floor(Math.log10(Math.min(least, 1e6))));
      while (rungs.size() < 2 || rungs.get(rungs.size() - 1) < most) {
        rungs.add(rung);
        rung *= 10;
      }
      return rungs;
    }
    double step = nice(Math.max(most, 1e-3) / STEPS);
    for (int i = 0; rungs.size() < 2 || rungs.get(rungs.size() - 1) < most; i++) {
      rungs.add(i * step);
    }
    return rungs;
  }

  /** At least so much, and easy to count in: 1, 2 or 5 and noughts. */
  private static double nice(double atLeast) {
    double ten = Math.pow(10, Math.floor(Math.log10(atLeast)));
    for (int times : new int[] {1, 2, 5}) {
      if (times * ten >= atLeast) {
        return times * ten;
      }
    }
    return 10 * ten;
  }

  private static String number(double value) {
    if (value >= 1e6) {
      return format("%.3g", value / 1e6).replaceAll("\\.?0+$", "") + "M";
    }
    if (value >= 1e4) {
      return format("%.0fk", value / 1e3);
    }
    String text = format(value >= 100 ? "%.0f" : "%.3f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
