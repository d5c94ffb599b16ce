package dev.casemate.container.deploy;

/// Something that the manifest decides, or the launcher does, and a platform cannot enforce.
///
/// @param control what is missing
/// @param reason why, and what to do about it
public record Gap(String control, String reason) {}
