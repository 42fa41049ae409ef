package io.tandem.source;

import java.io.FileNotFoundException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.PathIOException;
import org.jspecify.annotations.Nullable;

/**
 * A file system refuses something. Object stores answer in codes, and by exceptions that differ
 * from one version of their client to the next; the message here says it in words.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is known, by what then stands in one of the exceptions; the first that fits. */
  private enum Problem {
    NO_CLIENT(
        "Class org.apache.hadoop.fs.s3a.S3AFileSystem not found",
        "this Spark has no hadoop-aws; give it the one of its Hadoop version, such as by --packages org.apache.hadoop:hadoop-aws:VERSION before the command"),
    NO_SCHEME("No FileSystem for scheme", "this Hadoop has no file system of that scheme"),
    NO_BUCKET("NoSuchBucket|UnknownStoreException", "there is no such bucket"),
    UNKNOWN_KEYS(
        "InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken",
        "the store does not take these credentials; check the access key, its secret and, where there is one, its session token"),
    NO_KEYS(
        "NoAuthWithAWSException|NoAwsCredentialsException|CredentialInitializationException|Unable to load credentials",
        "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what else fs.s3a.aws.credentials.provider names"),
    DENIED(
        "AccessDenied|Status Code: 403|AllAccessDisabled",
        "access is denied; the credentials are wrong, or do not allow this"),
    NO_ANSWER(
        "ConnectException|UnknownHostException|NoRouteToHostException|ConnectTimeoutException|Connection refused",
        "no server answers there; check the address (of S3 it is fs.s3a.endpoint) and the network"),
    FULL("No space left on device|DSQuotaExceeded|QuotaExceeded", "there is no space left");

    private final Pattern signs;
    private final String words;

    Problem(String signs, String words) {
      this.signs = Pattern.compile(signs);
      this.words = words;
    }
  }

  public static final String MISSING = "there is no such file";

  private static final Pattern NOISE =
      Pattern.compile("\\s*\\(Service: .*|; For more details see:.*|: com\\.amazonaws\\..*");

  private static final Pattern URL = Pattern.compile("\\b(s3a?|hdfs|abfss?|gs)://[^\\s:'\"]+");

  /**
   * Says what failed and why, in words.
   *
   * @param doing what was tried, with the path, such as "cannot write s3a://bucket/run"
   */
  public StorageException(String doing, Throwable cause) {
    super(doing + ": " + why(cause), cause);
  }

  /** The reason in words; what nobody foresaw in the words of the exception, on one line. */
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
   * What went wrong, and with which path, where a file system is what made a job fail; null where
   * it was something else.
   */
  public static @Nullable String sentence(Throwable e) {
    for (Throwable cause : ExceptionUtils.getThrowableList(e)) {
      if (cause instanceof StorageException) {
        return cause.getMessage();
      }
    }
    String known = known(e);
    String path = known == null ? null : path(e);
    return path == null ? null : path + ": " + known;
  }

  /** Java throws the same where a local file is there, but may not be read. */
  public static boolean isMissing(Throwable e) {
    return e instanceof FileNotFoundException
        && !String.valueOf(e.getMessage()).endsWith("(Permission denied)");
  }

  /** The reason in words, where it or one of its causes is one that stores are known for. */
  public static @Nullable String known(Throwable e) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(e);
    for (Problem problem : Problem.values()) {
      for (Throwable cause : chain) {
        if (problem.signs.matcher(cause.toString()).find()) {
          return problem.words;
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
