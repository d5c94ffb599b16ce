package dev.casemate.container.launch;

/// One thing that holds a contained agent. Each can be switched off on its own, so that a drill or
/// a test can show what it stops; a launch in earnest switches off none.
public enum Control {
    /// The namespace whose only routes and rules are those of the bound names. Off: the host's end
    /// of the link is open too; everything, where the host is a namespace without a way out.
    NETWORK,
    /// The list of system calls.
    SECCOMP,
    /// The read-only file systems, and /tmp without execution.
    READ_ONLY,
    /// No Linux capability; off: all of them. That none is gained by executing something holds in
    /// every launch.
    CAPABILITIES,
    /// The user 65532. Off: root.
    USER,
    /// Memory, processor, processes, descriptors, disk bandwidth and the size of /tmp. Off: bounds
    /// that an attack inside a drill exceeds the manifest by, and that the host still bears.
    LIMITS
}
