package dev.casemate.container.launch;

/// A contained program that says that it has started, and does not end by itself.
final class Sleeper {

    private Sleeper() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("started");
        Thread.currentThread().join();
    }
}
