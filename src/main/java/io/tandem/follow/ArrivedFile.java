package io.tandem.follow;

import io.tandem.text.RunJson;

/**
 * A file as it was when it was taken.
 *
 * @param length in bytes
 * @param modifiedMs the modification time in epoch milliseconds; 0 if its file system has none
 */
public record ArrivedFile(String path, long length, long modifiedMs) {
  /** The schema of a table of files. */
  static final String SCHEMA = "path STRING, length BIGINT, modified_ms BIGINT";

  /** Returns the JSON that {@link RunJson} reads, with the path as it is. */
  String json() {
    return "{\"path\":%s,\"length\":%d,\"modified_ms\":%d}"
        .formatted(RunJson.string(path), length, modifiedMs);
  }
}
