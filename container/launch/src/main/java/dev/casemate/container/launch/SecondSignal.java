package dev.casemate.container.launch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// What a signal does that comes while this process already ends by one.
///
/// The JVM itself would let it wait until the first has done its work, and `sun.misc.Signal` is the
/// only way in Java to hear of it. By reflection, because javac warns of that class and lets nobody
/// say that it is meant. Agents do not have it: their runtime lacks the module.
final class SecondSignal {

    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private SecondSignal() {}

    /// @param action once per signal, on a thread of its own
    static void runs(Runnable action) {
        try {
            var signal = Class.forName(SIGNAL);
            var handler = Class.forName(HANDLER);
            InvocationHandler run =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return proxy; // nobody looks: it returns nothing
                        }
                        return method.invoke(action, arguments);
                    };
            var handles =
                    Proxy.newProxyInstance(
                            SecondSignal.class.getClassLoader(), new Class<?>[] {handler}, run);
            var handle = signal.getMethod("handle", signal, handler);
            for (var name : new String[] {"TERM", "INT"}) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handles);
            }
        } catch (ReflectiveOperationException thisJvmLeavesSignalsAlone) {
            // Then a second signal waits, as it does without this class; the first has its bounds.
        }
    }
}
