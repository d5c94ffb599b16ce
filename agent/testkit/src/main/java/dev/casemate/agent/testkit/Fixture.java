package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ToolOutcome;

/// A canned outcome for some calls of a tool.
record Fixture(CallPattern calls, ToolOutcome outcome) {}
