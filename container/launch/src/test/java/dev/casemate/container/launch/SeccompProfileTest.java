package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SeccompProfileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fork",
                "vfork",
                "execveat",
                "bind",
                "listen",
                "accept",
                "accept4",
                "ptrace",
                "mount",
                "unshare",
                "setns",
                "chroot",
                "pivot_root",
                "process_vm_writev",
                "memfd_create",
                "io_uring_setup",
                "bpf",
                "keyctl",
                "add_key",
                "perf_event_open",
                "userfaultfd",
                "kexec_load",
                "init_module",
                "sendmsg",
                "sendmmsg",
                "chmod",
                "fchmod",
                "chown",
                "symlink",
                "link",
                "mknod",
                "kill",
                "mremap",
                "personality"
            })
    void theCallIsNotOnTheList(String call) {
        for (var execOnce : List.of(true, false)) {
            assertThat(names(SeccompProfile.of(execOnce))).doesNotContain(call);
        }
    }

    @Test
    void whatIsNotOnTheListIsRefused() {
        assertThat(SeccompProfile.of(true).text("defaultAction")).contains("SCMP_ACT_ERRNO");
    }

    @Test
    void processesThreadsAndSocketsAreAdmittedOnlyByTheirArguments() {
        var text = SeccompProfile.of(true).text();
        for (var call :
                List.of("clone", "socket", "socketpair", "prctl", "ioctl", "execve", "mmap")) {
            assertThat(rules(SeccompProfile.of(true), call))
                    .isNotEmpty()
                    .allMatch(rule -> rule.get("args").isPresent());
        }
        assertThat(text).contains("\"value\":18446744004990074880,\"valueTwo\":824633720832");
    }

    @Test
    void thePortableListDiffersInExecAndMappingAlone() {
        assertThat(names(SeccompProfile.of(false)).distinct().sorted())
                .containsExactlyElementsOf(
                        names(SeccompProfile.of(true)).distinct().sorted().toList());
        assertThat(rules(SeccompProfile.of(false), "execve"))
                .allMatch(rule -> rule.get("args").isEmpty());
    }

    @Test
    void everyGroupSaysWhatItIsFor() {
        assertThat(SeccompProfile.groups())
                .isNotEmpty()
                .allMatch(group ->
                        group.text("reason").filter(text -> text.length() > 20).isPresent());
    }

    private static List<Json.Obj> rules(Json.Obj profile, String call) {
        return ((Json.Arr) profile.get("syscalls").orElseThrow())
                .items().stream()
                        .map(Json.Obj.class::cast)
                        .filter(rule -> namesOf(rule).contains(call))
                        .toList();
    }

    private static java.util.stream.Stream<String> names(Json.Obj profile) {
        return ((Json.Arr) profile.get("syscalls").orElseThrow())
                .items().stream().flatMap(rule -> namesOf((Json.Obj) rule).stream());
    }

    private static List<String> namesOf(Json.Obj rule) {
        return ((Json.Arr) rule.get("names").orElseThrow())
                .items().stream().map(name -> ((Json.Str) name).value()).toList();
    }
}
