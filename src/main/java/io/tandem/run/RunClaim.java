package io.tandem.run;

import io.tandem.text.RunJson;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The claim of a run folder by the process that writes it: a numbered file in {@code _claims/},
 * which only one process can create. Resuming takes the next number.
 *
 * @param id tells claims apart where a file system cannot refuse the second one
 * @param process the start of the process, because numbers of processes return; null if unknown
 * @param since when it was claimed
 */
record RunClaim(String id, String host, long pid, @Nullable String process, String since) {
  /** The folder of the claims, relative to the run folder. */
  static final String FOLDER = "_claims";

  private static final String ENDED = "-ended";

  /**
   * Claims a folder that has just been made.
   *
   * @throws RunFolderException if another run has claimed it
   */
  static void first(RunFolder run) {
    if (!take(run, 1)) {
      throw new RunFolderException(
          "output.path",
          "the output folder %s belongs to another run%s; choose another"
              .formatted(run.path(), holderOf(run)));
    }
  }

  /**
   * Claims the folder of a run that did not end.
   *
   * @param takeOver whether a process of another host, of which nothing is known, has ended
   * @throws RunFolderException if a process still writes it, or may do so
   */
  static void again(RunFolder run, boolean takeOver) {
    List<String> claims = claims(run);
    Optional<RunClaim> latest = latest(run);
    if (latest.isPresent() && !run.isEnded() && !hasEnded(run, claims.size())) {
      RunClaim holder = latest.get();
      if (holder.isAlive()) {
        throw new RunFolderException(
            null,
            "%s is being written%s; wait for its end, or stop it"
                .formatted(run.path(), holder.holder()));
      }
      if (!holder.host.equals(hostName()) && !takeOver) {
        throw new RunFolderException(
            null,
            "%s was written%s, which may still run; if it has ended, add --take-over"
                .formatted(run.path(), holder.holder()));
      }
    }
    if (!take(run, claims.size() + 1)) {
      throw new RunFolderException(
          null,
          "%s is being written%s; wait for its end, or stop it"
              .formatted(run.path(), holderOf(run)));
    }
  }

  /**
   * Says that the process which holds the folder writes no more, although the run has not ended.
   */
  static void release(RunFolder run) {
    run.write(name(claims(run).size()) + ENDED, "");
  }

  private static boolean take(RunFolder run, int number) {
    RunClaim own = own();
    String name = name(number);
    // Where a file system cannot refuse the second one, the last writer has it.
    return run.newFile(name).write(RunJson.write(own)) && own.id.equals(read(run, name).id);
  }

  private static RunClaim own() {
    long started = ManagementFactory.getRuntimeMXBean().getStartTime();
    ProcessHandle process = ProcessHandle.current();
    return new RunClaim(
        UUID.randomUUID().toString(),
        hostName(),
        process.pid(),
        process.info().startInstant().orElse(Instant.ofEpochMilli(started)).toString(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String name(int number) {
    return "%s/%04d".formatted(FOLDER, number);
  }

  private static List<String> claims(RunFolder run) {
    return run.files(FOLDER).stream().filter(name -> name.matches("\\d+")).toList();
  }

  private static Optional<RunClaim> latest(RunFolder run) {
    int number = claims(run).size();
    return number == 0 ? Optional.empty() : Optional.of(read(run, name(number)));
  }

  /** Returns when each process claimed the folder, in order; none if it is older than claims. */
  static List<Instant> starts(RunFolder run) {
    return claims(run).stream()
        .map(name -> Instant.parse(read(run, FOLDER + "/" + name).since))
        .sorted()
        .toList();
  }

  /** Returns the id of the first claim of a folder that is claimed. */
  static String firstId(RunFolder run) {
    return read(run, name(1)).id;
  }

  private static boolean hasEnded(RunFolder run, int number) {
    return run.exists(name(number) + ENDED);
  }

  private static RunClaim read(RunFolder run, String name) {
    try {
      RunClaim claim = RunJson.read(run.read(name), RunClaim.class);
      Instant.parse(claim.since);
      return claim;
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new RunFolderException(
          null, "invalid %s: %s".formatted(run.path(name), e.getMessage()), e);
    }
  }

  /** Returns whether another process of this host has this claim. */
  private boolean isAlive() {
    return host.equals(hostName())
        && pid != ProcessHandle.current().pid()
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .flatMap(other -> other.info().startInstant())
            .map(start -> start.toString().equals(process))
            .orElse(false);
  }

  /** Returns a phrase like ", by process 12 on host since 10:00"; empty if nobody claimed it. */
  static String holderOf(RunFolder run) {
    return latest(run).map(RunClaim::holder).orElse("");
  }

  private String holder() {
    return ", by process %d on %s since %s"
        .formatted(
            pid,
            host,
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                .withZone(ZoneId.systemDefault())
                .format(Instant.parse(since)));
  }
}
