/// Everything that tests and evaluates an agent.
///
/// | part | begins at |
/// |---|---|
/// | a run in a JUnit test, and what is expected of it | [AgentUnderTest], [RunAssert] |
/// | models for tests | [ScriptedModel], [RecordedModel], [HostileModel], [SeededModel] |
/// | tools for tests | [FixtureToolSet] |
/// | evaluation suites | [EvaluationSuite], [Evaluation], [EvaluationReport], [Judge] |
///
/// What is shared between them is package-private: [RunFacts] says what can be said of a run,
/// [Transcript] shows one, [SchemaValues] and [SchemaAttacks] write for and against a schema, and
/// [ArgumentsSchema] decides which is which.
@NullMarked
package dev.casemate.agent.testkit;

import org.jspecify.annotations.NullMarked;
