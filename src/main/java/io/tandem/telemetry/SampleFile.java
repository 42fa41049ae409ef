package io.tandem.telemetry;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** A file of {@code telemetry/}. */
final class SampleFile {
  private SampleFile() {}

  /** Writes the samples as one Parquet file. */
  static void write(Path path, Configuration hadoop, List<Sample> samples) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(path)
            .withConf(hadoop)
            .withType(SampleColumns.PARQUET)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      for (Sample sample : samples) {
        writer.write(SampleColumns.row(sample));
      }
    }
  }
}
