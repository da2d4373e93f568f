package io.tidegate.gateway;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first asks the node to drain, the next one ends the process at once.
 *
 * <p>A shutdown hook cannot tell the two apart, nor let the process exit with 0; {@code
 * sun.misc.Signal} can, and is open to all in the module jdk.unsupported. It is called by
 * reflection because javac warns of its very name, which nothing can silence for one class alone.
 */
final class StopSignals {
  private static final Logger log = LoggerFactory.getLogger(StopSignals.class);
  private static final List<String> NAMES = List.of("TERM", "INT");

  private final AtomicBoolean asked = new AtomicBoolean();
  private final Runnable stop;
  private final Runnable halt;
  private final Map<Object, Object> before = new LinkedHashMap<>();
  private @Nullable Method setHandler;

  private StopSignals(Runnable stop, Runnable halt) {
    this.stop = stop;
    this.halt = halt;
  }

  /**
   * Takes both signals.
   *
   * @param stop run at the first, on a thread of the JVM's
   * @param halt run at each further one, likewise
   */
  static StopSignals install(Runnable stop, Runnable halt) {
    var signals = new StopSignals(stop, halt);
    try {
      signals.takeOver();
    } catch (ReflectiveOperationException e) {
      log.warn("signals not handled, so that SIGTERM ends the process without a drain", e);
    }
    return signals;
  }

  private void takeOver() throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Method handle = signalType.getMethod("handle", signalType, handlerType);
    setHandler = handle;
    for (String name : NAMES) {
      Object handler =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, args) ->
                  method.getName().equals("handle") ? receive(name) : method.invoke(this, args));
      Object signal = signalType.getConstructor(String.class).newInstance(name);
      before.put(signal, handle.invoke(null, signal, handler));
    }
  }

  private @Nullable Object receive(String name) {
    if (asked.compareAndSet(false, true)) {
      log.info("stopping signal={}", name);
      stop.run();
    } else {
      log.warn("ending at once signal={}", name);
      halt.run();
    }
    return null;
  }

  /** Puts back what was there before. */
  void uninstall() {
    before.forEach(
        (signal, handler) -> {
          try {
            if (setHandler != null) {
              setHandler.invoke(null, signal, handler);
            }
          } catch (ReflectiveOperationException e) {
            log.warn("signal handler not put back signal={}", signal, e);
          }
        });
  }
}
