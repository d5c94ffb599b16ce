package dev.casemate.container.launch.probe;

/// A class that nothing refers to, so that its bytes can be defined once more by an attempt.
final class Spare {

    private Spare() {}
}
