package io.tandem.source;

import java.io.FileNotFoundException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.PathIOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a file system operation fails. Object stores report error codes, in exceptions that
 * differ between client versions; this message is plain text.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Known problems, by a pattern in one of the exceptions; the first match applies. */
  private enum Problem {
    NO_CLIENT(
        "Class org.apache.hadoop.fs.s3a.S3AFileSystem not found",
        "this Spark has no hadoop-aws; add that of its Hadoop version, for example by --packages org.apache.hadoop:hadoop-aws:VERSION before the command"),
    NO_CLASS(
        "Class org\\.apache\\.hadoop\\.fs\\.\\S+ not found",
        "this Hadoop has no client for that scheme; add its jar"),
    NO_SCHEME("No FileSystem for scheme", "this Hadoop has no file system of that scheme"),
    NO_HOST(
        "bucket is null/empty",
        "the bucket's name is invalid; S3A takes names of letters, digits, dots and hyphens"),
    NO_BUCKET("NoSuchBucket|UnknownStoreException", "there is no such bucket"),
    UNKNOWN_KEYS(
        "InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken",
        "the store rejects these credentials; check the access key, its secret and, where there is one, its session token"),
    NO_KEYS(
        "NoAuthWithAWSException|NoAwsCredentialsException|CredentialInitializationException|Unable to load credentials",
        "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the credentials that fs.s3a.aws.credentials.provider names"),
    DENIED(
        "AccessDenied|Status Code: 403|AllAccessDisabled",
        "access is denied; the credentials are wrong, or do not allow this"),
    NO_ANSWER(
        "ConnectException|UnknownHostException|NoRouteToHostException|ConnectTimeoutException|Connection refused",
        "no server responds there; check the address (of S3 it is fs.s3a.endpoint) and the network"),
    FULL("No space left on device|DSQuotaExceeded|QuotaExceeded", "there is no space left"),
    NOT_UNPACKED(
        "no snappyjava in java.library.path|FAILED_TO_LOAD_NATIVE_LIBRARY|Could not initialize class org.xerial.snappy.Snappy",
        "a library for compression cannot be unpacked there; there is no space left, or the disk is mounted noexec");

    private final Pattern pattern;
    private final String reason;

    Problem(String pattern, String reason) {
      this.pattern = Pattern.compile(pattern);
      this.reason = reason;
    }
  }

  /** The reason of a file that does not exist. */
  public static final String MISSING = "there is no such file";

  private static final Pattern NOISE =
      Pattern.compile("\\s*\\(Service: .*|; For more details see:.*|: com\\.amazonaws\\..*");

  private static final Pattern URL = Pattern.compile("\\b(s3a?|hdfs|abfss?|gs)://[^\\s:'\"]+");

  /**
   * Creates the exception; the reason is added to the message.
   *
   * @param doing the failed operation and its path, for example "cannot write s3a://bucket/run"
   */
  public StorageException(String doing, Throwable cause) {
    super(doing + ": " + why(cause), cause);
  }

  /**
   * Returns the reason as text; for an unknown problem the first line of the exception's message.
   */
  public static String why(Throwable e) {
    String known = known(e);
    if (known != null) {
      return known;
    }
    if (isMissing(e)) {
      return MISSING;
    }
    String message = String.valueOf(e.getMessage() == null ? e : e.getMessage());
    return NOISE.matcher(message.lines().findFirst().orElse(message)).replaceAll("");
  }

  /**
   * Returns the path and the reason if a file system made a job fail; null if it failed for another
   * reason.
   */
  public static @Nullable String sentence(Throwable e) {
    for (Throwable cause : ExceptionUtils.getThrowableList(e)) {
      if (cause instanceof StorageException) {
        return cause.getMessage();
      }
    }
    String known = known(e);
    String path = known == null ? null : path(e);
    if (path != null) {
      return path + ": " + known;
    }
    return FullDisk.isTemporary(e) ? FullDisk.temporaryFiles(e).getMessage() : null;
  }

  /** Returns whether a disk is full, or a quota is used up. */
  static boolean isFull(Throwable e) {
    return Problem.FULL.reason.equals(known(e));
  }

  /** Returns whether a library could not be unpacked into the folder of temporary files. */
  static boolean isNotUnpacked(Throwable e) {
    return Problem.NOT_UNPACKED.reason.equals(known(e));
  }

  /** Returns whether a file is missing; Java throws the same exception for denied permission. */
  public static boolean isMissing(Throwable e) {
    return e instanceof FileNotFoundException
        && !String.valueOf(e.getMessage()).endsWith("(Permission denied)");
  }

  /**
   * Returns the reason if the exception or one of its causes is a known problem; null otherwise.
   */
  public static @Nullable String known(Throwable e) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(e);
    for (Problem problem : Problem.values()) {
      for (Throwable cause : chain) {
        if (problem.pattern.matcher(cause.toString()).find()) {
          return problem.reason;
        }
      }
    }
    return null;
  }

  private static @Nullable String path(Throwable e) {
    for (Throwable cause : ExceptionUtils.getThrowableList(e)) {
      if (cause instanceof java.nio.file.FileSystemException file && file.getFile() != null) {
        return file.getFile();
      }
      if (cause instanceof PathIOException file) {
        return String.valueOf(file.getPath());
      }
      Matcher url = URL.matcher(String.valueOf(cause.getMessage()));
      if (url.find()) {
        return url.group();
      }
    }
    return null;
  }
}
