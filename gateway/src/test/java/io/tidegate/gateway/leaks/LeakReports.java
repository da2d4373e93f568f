package io.tidegate.gateway.leaks;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Makes Netty's leak detectors, and counts what they report beside logging it. Thread-safe.
 *
 * <p>A detector learns of a leak when the garbage collector has found the resource, and reports it
 * when it is next asked to track something. So {@link #collect} collects garbage and asks each.
 */
final class LeakReports extends ResourceLeakDetectorFactory {
  private static final long COLLECTION_MILLIS = 30_000;

  private final Queue<Detector<?>> detectors = new ConcurrentLinkedQueue<>();
  private final List<String> reports = new CopyOnWriteArrayList<>();
  private volatile String running = "no test";

  /** The test that runs: resources made from now on are told to be of it. */
  void running(String test) {
    running = test;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty calls another, which calls this one.
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval, long maxActive) {
    var detector = new Detector<T>(resource, samplingInterval);
    detectors.add(detector);
    return detector;
  }

  /** Each leak until now of a resource that nobody holds any more: what it is, of which test. */
  List<String> collect() throws InterruptedException {
    // References of one collection come in no order: those of the first have, once the second's do.
    collectGarbage();
    collectGarbage();
    detectors.forEach(Detector::reportNow);
    return List.copyOf(reports);
  }

  private static void collectGarbage() throws InterruptedException {
    var collected = new ReferenceQueue<Object>();
    var canary = new PhantomReference<>(new Object(), collected);
    System.gc();
    if (collected.remove(COLLECTION_MILLIS) != canary) {
      throw new IllegalStateException("no garbage collection in " + COLLECTION_MILLIS + " ms");
    }
  }

  private final class Detector<T> extends ResourceLeakDetector<T> {
    Detector(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @SuppressWarnings("unchecked") // A detector keeps a weak reference and looks at nothing.
    void reportNow() {
      T something = (T) new Object();
      ResourceLeakTracker<T> tracker = trackForcibly(something);
      if (!tracker.close(something)) {
        throw new IllegalStateException("closed by another");
      }
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected Object getInitialHint(String resourceType) {
      return running;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      String test = records.lines().filter(line -> line.contains("Hint: ")).findFirst().orElse("");
      reports.add(resourceType + test);
      super.reportTracedLeak(resourceType, records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      reports.add(resourceType);
      super.reportUntracedLeak(resourceType);
    }
  }
}
