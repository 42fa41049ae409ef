package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.source.DistributedFrames.Listed;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.CollectionAccumulator;

/**
 * Lists the frames of a folder that has too many for the driver: one task lists the files while
 * Spark stores them, in memory or on disk, and the executors sort them by path.
 */
final class FolderFrames {
  private FolderFrames() {}

  /**
   * Returns the frames in path order.
   *
   * @throws FramesException if the folder cannot be listed
   */
  static DistributedFrames list(Session session, Settings.Frames settings, Progress progress) {
    CollectionAccumulator<String> skipped =
        session.spark().sparkContext().collectionAccumulator("skipped");
    JavaRDD<File> files =
        session
            .context()
            .parallelize(List.of(0), 1)
            .mapPartitions(new ListFiles(settings, session.broadcastHadoop(), skipped))
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    try {
      int found = Math.toIntExact(files.count());
      skipped.value().stream().distinct().forEach(progress::say);
      int size = settings.limit() > 0 ? Math.min(settings.limit(), found) : found;
      JavaRDD<Listed> frames =
          files
              .sortBy(File::path, true, DistributedFrames.partitions(found))
              .zipWithIndex()
              .filter(file -> file._2() < size)
              .map(file -> new Listed(file._1().frame(Math.toIntExact(file._2())), null));
      return DistributedFrames.hold(frames, size);
    } catch (Exception e) { // Scala does not declare SparkException.
      FramesException refused = ExceptionUtils.throwableOfType(e, FramesException.class);
      throw refused != null ? refused : ExceptionUtils.<RuntimeException>rethrow(e);
    } finally {
      files.unpersist(false);
    }
  }

  private record File(String path, long length, long modifiedAtMillis) implements Serializable {
    static File of(FileStatus status) {
      return new File(status.getPath().toString(), status.getLen(), status.getModificationTime());
    }

    Frame frame(int index) {
      return Frame.image(path, length, modifiedAtMillis, index);
    }
  }

  /** Lists the folder in a task. */
  private static final class ListFiles implements FlatMapFunction<Iterator<Integer>, File> {
    private static final long serialVersionUID = 1L;

    private final Settings.Frames settings;
    private final HadoopConf hadoop;
    private final CollectionAccumulator<String> skipped;

    ListFiles(Settings.Frames settings, HadoopConf hadoop, CollectionAccumulator<String> skipped) {
      this.settings = settings;
      this.hadoop = hadoop;
      this.skipped = skipped;
    }

    @Override
    public Iterator<File> call(Iterator<Integer> unused) {
      FolderListing listing = FolderListing.open(settings, hadoop.get());
      Iterator<FileStatus> files = listing.files();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          boolean hasNext = files.hasNext();
          if (!hasNext) {
            listing.skipped().forEach(skipped::add);
          }
          return hasNext;
        }

        @Override
        public File next() {
          return File.of(files.next());
        }
      };
    }
  }
}
