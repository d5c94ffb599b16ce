package dev.casemate.container.launch.trial;

import java.util.Map;

/// Names of the kernel's errors, Linux on x86-64.
final class SystemErrors {

    private static final Map<Long, String> NAMES =
            Map.ofEntries(
                    Map.entry(1L, "EPERM"),
                    Map.entry(2L, "ENOENT"),
                    Map.entry(3L, "ESRCH"),
                    Map.entry(4L, "EINTR"),
                    Map.entry(5L, "EIO"),
                    Map.entry(6L, "ENXIO"),
                    Map.entry(8L, "ENOEXEC"),
                    Map.entry(9L, "EBADF"),
                    Map.entry(11L, "EAGAIN"),
                    Map.entry(12L, "ENOMEM"),
                    Map.entry(13L, "EACCES"),
                    Map.entry(14L, "EFAULT"),
                    Map.entry(16L, "EBUSY"),
                    Map.entry(17L, "EEXIST"),
                    Map.entry(19L, "ENODEV"),
                    Map.entry(20L, "ENOTDIR"),
                    Map.entry(21L, "EISDIR"),
                    Map.entry(22L, "EINVAL"),
                    Map.entry(24L, "EMFILE"),
                    Map.entry(25L, "ENOTTY"),
                    Map.entry(26L, "ETXTBSY"),
                    Map.entry(28L, "ENOSPC"),
                    Map.entry(30L, "EROFS"),
                    Map.entry(38L, "ENOSYS"),
                    Map.entry(88L, "ENOTSOCK"),
                    Map.entry(93L, "EPROTONOSUPPORT"),
                    Map.entry(94L, "ESOCKTNOSUPPORT"),
                    Map.entry(95L, "EOPNOTSUPP"),
                    Map.entry(97L, "EAFNOSUPPORT"),
                    Map.entry(98L, "EADDRINUSE"),
                    Map.entry(99L, "EADDRNOTAVAIL"),
                    Map.entry(101L, "ENETUNREACH"),
                    Map.entry(106L, "EISCONN"),
                    Map.entry(107L, "ENOTCONN"),
                    Map.entry(110L, "ETIMEDOUT"),
                    Map.entry(111L, "ECONNREFUSED"),
                    Map.entry(113L, "EHOSTUNREACH"),
                    Map.entry(114L, "EALREADY"),
                    Map.entry(115L, "EINPROGRESS"),
                    Map.entry(116L, "ESTALE"),
                    Map.entry(126L, "ENOKEY"));

    private SystemErrors() {}

    static String name(long error) {
        return NAMES.getOrDefault(error, "error " + error);
    }
}
