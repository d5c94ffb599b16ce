package dev.casemate.container.deploy;

/// One file of a rendering.
///
/// @param name relative, with `/` between its parts
public record RenderedFile(String name, String text) {}
