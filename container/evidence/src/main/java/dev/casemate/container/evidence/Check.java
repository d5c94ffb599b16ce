package dev.casemate.container.evidence;

/// One thing that was found to hold.
///
/// @param name a word or two
/// @param detail what it was held against, in one line
public record Check(String name, String detail) {}
