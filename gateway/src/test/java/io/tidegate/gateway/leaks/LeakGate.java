package io.tidegate.gateway.leaks;

import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Fails the run, of whichever test classes it is, if Netty reported a leak in it: the session's
 * close throws then, which ends surefire's and failsafe's goals with an error. Registered by {@code
 * META-INF/services}.
 */
public final class LeakGate implements LauncherSessionListener {
  private final LeakReports reports = new LeakReports();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    // Before any class of Netty makes its detector.
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(reports);
    session.getLauncher().registerTestExecutionListeners(new Running(reports));
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    List<String> leaks;
    try {
      leaks = reports.collect();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted before leaks were known", e);
    }
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          "leaks, told above after 'LEAK:': " + leaks.size() + "\n" + String.join("\n", leaks));
    }
  }

  private record Running(LeakReports reports) implements TestExecutionListener {
    @Override
    public void executionStarted(TestIdentifier test) {
      reports.running(test.getUniqueId());
    }
  }
}
