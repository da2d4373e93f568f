package io.tidegate.loadtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time of processes, from {@code /proc}. Stateless; blocks on a file in memory. */
final class ProcessCpu {
  // The kernel's USER_HZ: 100 on every platform that this is built for.
  private static final double TICKS_PER_SECOND = 100;
  // Fields of /proc/PID/stat, counted from the one behind the command's closing parenthesis.
  private static final int USER = 11;
  private static final int SYSTEM = 12;

  private ProcessCpu() {}

  /** Seconds of CPU that all of them have used so far. */
  static double seconds(List<Long> pids) throws IOException {
    double sum = 0;
    for (long pid : pids) {
      sum += parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    }
    return sum;
  }

  /** Reads a stat line, whose command may itself hold spaces and parentheses. */
  static double parse(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
  }
}
