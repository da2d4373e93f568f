package io.tidegate.loadtest.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * CPU and memory of one process of this machine, from {@code /proc}. When the process ends, its
 * last reading stays. Used by the main thread; blocks on a file in memory.
 */
public final class ProcessWatch {
  // The kernel's USER_HZ: 100 on every platform that this is built for.
  private static final double TICKS_PER_SECOND = 100;
  // Fields of /proc/PID/stat, counted from the one behind the command's closing parenthesis.
  private static final int USER = 11;
  private static final int SYSTEM = 12;

  private final long pid;
  private Reading last;
  private boolean ended;

  /** Seconds of CPU so far, and resident memory now. */
  public record Reading(double cpuSeconds, long rssBytes) {}

  private ProcessWatch(long pid, Reading first) {
    this.pid = pid;
    last = first;
  }

  /** Empty where there is no such process. */
  public static Optional<ProcessWatch> of(long pid) {
    return readFile(pid).map(first -> new ProcessWatch(pid, first));
  }

  public long pid() {
    return pid;
  }

  /** Whether the process was gone at the last look. */
  public boolean ended() {
    return ended;
  }

  public Reading read() {
    Optional<Reading> now = readFile(pid);
    ended = now.isEmpty();
    last = now.orElse(last);
    return last;
  }

  private static Optional<Reading> readFile(long pid) {
    Path directory = Path.of("/proc", Long.toString(pid));
    try {
      double cpu = cpuSeconds(Files.readString(directory.resolve("stat")));
      return Optional.of(new Reading(cpu, rssBytes(Files.readString(directory.resolve("status")))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Reads a stat line, whose command may itself hold spaces and parentheses. */
  static double cpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
  }

  /** Reads VmRSS, which a process that has just ended does not have. */
  static long rssBytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(kib -> Long.parseLong(kib) * 1024)
        .findFirst()
        .orElse(0);
  }
}
