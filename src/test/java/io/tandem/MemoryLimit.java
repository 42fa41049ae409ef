package io.tandem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A control group with a memory limit, for processes that the test starts. */
public final class MemoryLimit implements AutoCloseable {
  private final Path group;

  private MemoryLimit(Path group) {
    this.group = group;
  }

  /** Makes a group, by cgroup v1 or v2; empty if this user or machine does not let it. */
  public static Optional<MemoryLimit> of(long bytes) {
    Path v1 = Path.of("/sys/fs/cgroup/memory");
    boolean isV1 = Files.isDirectory(v1);
    Path group =
        (isV1 ? v1 : Path.of("/sys/fs/cgroup"))
            .resolve("tandem-test-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(group);
      MemoryLimit limit = new MemoryLimit(group);
      try {
        Files.writeString(
            group.resolve(isV1 ? "memory.limit_in_bytes" : "memory.max"), Long.toString(bytes));
        return Optional.of(limit);
      } catch (IOException e) {
        limit.close();
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Puts a process into the group, unless it has ended. */
  public void add(ProcessHandle process) {
    try {
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new AssertionError("cannot limit the memory of process " + process.pid(), e);
      }
    }
  }

  /** Removes the group, whose processes must have ended. */
  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
