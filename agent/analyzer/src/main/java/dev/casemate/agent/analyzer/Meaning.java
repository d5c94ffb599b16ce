package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Capability;

/// What a capability is, for people who did not ask for a lecture on the JDK.
///
/// @param does what code that has it can do, in a few words
/// @param matters why somebody who answers for the application would care, in sentences
/// @param open whether what runs behind it is not seen, so that the report says "at least"
record Meaning(String does, String matters, boolean open) {

    static Meaning of(Capability capability) {
        return switch (capability) {
            case EXEC ->
                    open(
                            "starts or ends other programs",
                            "A program that is started does whatever its user may do. Few applications"
                                    + " need it, and it is the first thing an intruder looks for.");
            case FILES_READ ->
                    closed(
                            "reads files, or their names and attributes",
                            "Keys, credentials and customers' data lie in files. Which files is not"
                                    + " part of this analysis.");
            case FILES_WRITE ->
                    closed(
                            "creates, changes or deletes files",
                            "What is written may be read as configuration or run as a program later,"
                                    + " and what is deleted is gone.");
            case NETWORK_CONNECT ->
                    closed(
                            "opens connections, or looks names up",
                            "The way out for data. A name that is looked up can carry some by"
                                    + " itself. Which hosts is not part of this analysis.");
            case NETWORK_LISTEN ->
                    closed(
                            "accepts connections",
                            "A door that others can come in by, and that nobody may be watching.");
            case REFLECTION ->
                    open(
                            "finds or calls code by name",
                            "Which code that is gets decided at run time, perhaps by data. Beyond names"
                                    + " in constants the analysis does not follow.");
            case CLASS_DEFINITION ->
                    open(
                            "makes classes at run time",
                            "Code that was in no jar, and that nobody has reviewed, runs with all that"
                                    + " the process may do.");
            case NATIVE ->
                    open(
                            "runs code that is not Java's, or that the table does not know",
                            "Native code is outside everything that the JVM guarantees, and outside"
                                    + " this analysis.");
            case DESERIALISATION ->
                    open(
                            "turns bytes into objects of classes that the bytes name",
                            "Whoever supplies the bytes chooses which code of the class path runs. Many"
                                    + " remote takeovers of Java servers began here.");
            case ENVIRONMENT ->
                    closed(
                            "reads or changes what surrounds it: environment variables, system"
                                    + " properties, other processes",
                            "Credentials are handed over in environment variables, and settings of the"
                                    + " whole process, security ones included, hang on properties.");
            case EXIT ->
                    closed(
                            "ends the process",
                            "A service that any library can end is as available as that library"
                                    + " wants.");
            case THREADS ->
                    closed(
                            "starts threads",
                            "Work that goes on after an answer was given, uses memory and processor, and"
                                    + " is easy to lose sight of.");
        };
    }

    private static Meaning open(String does, String matters) {
        return new Meaning(does, matters, true);
    }

    private static Meaning closed(String does, String matters) {
        return new Meaning(does, matters, false);
    }
}
