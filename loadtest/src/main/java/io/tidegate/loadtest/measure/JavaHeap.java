package io.tidegate.loadtest.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The heap of another Java process of this machine, by the {@code jcmd} of our own Java. Used by
 * the main thread; blocks while that process collects.
 */
public final class JavaHeap {
  private static final String TOTAL = "Total";

  private JavaHeap() {}

  /**
   * Makes the process collect everything, and tells the bytes of what is alive then. Empty where it
   * is no Java process of this user.
   */
  public static OptionalLong live(long pid) throws IOException, InterruptedException {
    // A process that is no virtual machine would be ended by the signal with which jcmd begins.
    Path maps = Path.of("/proc", Long.toString(pid), "maps");
    if (!Files.isReadable(maps) || !Files.readString(maps).contains("libjvm")) {
      return OptionalLong.empty();
    }
    // What the first collection finds unreachable may hold more until its cleaners have run.
    OptionalLong first = histogram(pid);
    return first.isPresent() ? histogram(pid) : first;
  }

  private static OptionalLong histogram(long pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() == 0 ? total(text) : OptionalLong.empty();
  }

  /** Reads the last line: {@code Total INSTANCES BYTES}. */
  static OptionalLong total(String histogram) {
    return histogram
        .lines()
        .filter(line -> line.startsWith(TOTAL))
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
        .findFirst();
  }
}
