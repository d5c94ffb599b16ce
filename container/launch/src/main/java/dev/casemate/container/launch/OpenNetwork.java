package dev.casemate.container.launch;

/// The network of a launch while it is open. Its names on the machine are [Remains]' to take away;
/// what this process itself holds open ends with it.
interface OpenNetwork extends AutoCloseable {

    @Override
    void close();
}
