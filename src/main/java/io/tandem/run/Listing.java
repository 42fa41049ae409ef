package io.tandem.run;

import io.tandem.source.StorageException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Lists the files of a folder of a run. */
final class Listing {
  private Listing() {}

  /** Returns the names of its files, in order. */
  static List<String> files(FileSystem fs, Path folder) {
    try {
      return Stream.of(fs.listStatus(folder))
          .filter(FileStatus::isFile)
          .map(file -> file.getPath().getName())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StorageException("cannot list " + folder, e);
    }
  }

  /** Deletes what Hadoop's and Spark's committers keep in it until they commit. */
  static void deleteUncommitted(FileSystem fs, Path folder) {
    try {
      for (FileStatus status : fs.listStatus(folder)) {
        if (status.getPath().getName().matches("_temporary|__magic.*|\\.spark-staging.*")) {
          fs.delete(status.getPath(), true);
        }
      }
    } catch (IOException e) {
      throw new StorageException("cannot remove temporary files of " + folder, e);
    }
  }
}
