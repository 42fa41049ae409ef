package io.tandem.telemetry;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** A file of {@code telemetry/}. */
final class SampleFile {
  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message sample {
            required binary executor (STRING);
            required binary host (STRING);
            required int64 at_us;
            optional int64 clock_offset_us;
            optional int64 clock_bound_us;
            required group core_load (LIST) { repeated group list { required float element; } }
            required group core_mhz (LIST) { repeated group list { required float element; } }
            required group core_celsius (LIST) { repeated group list { required float element; } }
            optional float cpu_celsius;
            required float process_cores;
            optional int64 rss_bytes;
            required int64 gc_us;
            optional int32 runnable;
            required int64 sampler_us;
            required group gpus (LIST) {
              repeated group list {
                required group element {
                  required int32 index;
                  required binary uuid (STRING);
                  optional float utilization;
                  optional int64 memory_bytes;
                  optional float watts;
                  optional float sm_mhz;
                  optional float celsius;
                  optional binary throttle (STRING);
                }
              }
            }
          }
          """);

  private SampleFile() {}

  static void write(Path path, Configuration hadoop, List<Sample> samples) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(path)
            .withConf(hadoop)
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      for (Sample sample : samples) {
        writer.write(group(sample));
      }
    }
  }

  private static Group group(Sample s) {
    Group group = new SimpleGroup(SCHEMA);
    group.add("executor", s.executor());
    group.add("host", s.host());
    group.add("at_us", s.atUs());
    ClockOffset clock = s.clock();
    if (clock != null) {
      group.add("clock_offset_us", clock.offsetUs());
      group.add("clock_bound_us", clock.boundUs());
    }
    floats(group.addGroup("core_load"), s.coreLoad());
    floats(group.addGroup("core_mhz"), s.coreMhz());
    floats(group.addGroup("core_celsius"), s.coreCelsius());
    if (s.cpuCelsius() != null) {
      group.add("cpu_celsius", s.cpuCelsius());
    }
    group.add("process_cores", s.processCores());
    if (s.rssBytes() != null) {
      group.add("rss_bytes", s.rssBytes());
    }
    group.add("gc_us", s.gcUs());
    if (s.runnable() != null) {
      group.add("runnable", s.runnable());
    }
    group.add("sampler_us", s.samplerUs());
    Group gpus = group.addGroup("gpus");
    s.gpus().forEach(gpu -> add(gpus.addGroup("list").addGroup("element"), gpu));
    return group;
  }

  private static void floats(Group list, List<Float> values) {
    values.forEach(value -> list.addGroup("list").add("element", value));
  }

  private static void add(Group group, GpuSample gpu) {
    group.add("index", gpu.index());
    group.add("uuid", gpu.uuid());
    if (gpu.utilization() != null) {
      group.add("utilization", gpu.utilization());
    }
    if (gpu.memoryBytes() != null) {
      group.add("memory_bytes", gpu.memoryBytes());
    }
    if (gpu.watts() != null) {
      group.add("watts", gpu.watts());
    }
    if (gpu.smMhz() != null) {
      group.add("sm_mhz", gpu.smMhz());
    }
    if (gpu.celsius() != null) {
      group.add("celsius", gpu.celsius());
    }
    if (gpu.throttle() != null) {
      group.add("throttle", gpu.throttle());
    }
  }
}
