package dev.casemate.container.deploy;

import java.net.URI;
import java.time.LocalDate;

/// Something that the manifest decides, or the launcher does, and a platform cannot enforce.
///
/// @param control the word for it in `controls.json`
/// @param reason why, and what to do about it
/// @param source where that is written
/// @param read when it was read there
public record Gap(String control, String reason, URI source, LocalDate read) {}
