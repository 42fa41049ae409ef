package io.tandem.telemetry;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Columns of {@code telemetry/}. Defines the schema for both writing and reading the files. */
public final class SampleColumns {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private enum Kind {
    TEXT(PrimitiveTypeName.BINARY, "STRING"),
    LONG(PrimitiveTypeName.INT64, "BIGINT"),
    INT(PrimitiveTypeName.INT32, "INT"),
    FLOAT(PrimitiveTypeName.FLOAT, "FLOAT");

    private final PrimitiveTypeName parquet;
    private final String sql;

    Kind(PrimitiveTypeName parquet, String sql) {
      this.parquet = parquet;
      this.sql = sql;
    }

    private Type parquet(Repetition repetition, String name) {
      var type = Types.primitive(parquet, repetition);
      return this == TEXT
          ? type.as(LogicalTypeAnnotation.stringType()).named(name)
          : type.named(name);
    }
  }

  /** A column: its types and the function that writes its cell. */
  private record Column<T>(Type parquet, String sql, Cell<T> cell) {}

  private interface Cell<T> {
    void add(Group row, T from);
  }

  private static final List<Column<GpuSample>> GPU =
      List.of(
          required("index", Kind.INT, GpuSample::index),
          required("uuid", Kind.TEXT, GpuSample::uuid),
          optional("utilization", Kind.FLOAT, GpuSample::utilization),
          optional("memory_bytes", Kind.LONG, GpuSample::memoryBytes),
          optional("watts", Kind.FLOAT, GpuSample::watts),
          optional("sm_mhz", Kind.FLOAT, GpuSample::smMhz),
          optional("celsius", Kind.FLOAT, GpuSample::celsius),
          optional("throttle", Kind.TEXT, GpuSample::throttle));

  private static final List<Column<Sample>> ALL =
      List.of(
          required("executor", Kind.TEXT, Sample::executor),
          required("host", Kind.TEXT, Sample::host),
          required("at_us", Kind.LONG, Sample::atUs),
          clock("clock_offset_us", ClockOffset::offsetUs),
          clock("clock_bound_us", ClockOffset::boundUs),
          floats("core_load", Sample::coreLoad),
          floats("core_mhz", Sample::coreMhz),
          floats("core_celsius", Sample::coreCelsius),
          optional("cpu_celsius", Kind.FLOAT, Sample::cpuCelsius),
          required("process_cores", Kind.FLOAT, Sample::processCores),
          optional("rss_bytes", Kind.LONG, Sample::rssBytes),
          required("gc_us", Kind.LONG, Sample::gcUs),
          optional("runnable", Kind.INT, Sample::runnable),
          required("sampler_us", Kind.LONG, Sample::samplerUs),
          gpus("gpus"));

  /** The schema of a file. */
  static final MessageType PARQUET =
      new MessageType("sample", ALL.stream().map(Column::parquet).toList());

  /** Column names and types as an SQL column list. */
  public static final String DDL = ddl(ALL, " ");

  private SampleColumns() {}

  /** Returns a row of a file. */
  static Group row(Sample sample) {
    Group row = new SimpleGroup(PARQUET);
    ALL.forEach(column -> column.cell().add(row, sample));
    return row;
  }

  private static <T> String ddl(List<Column<T>> columns, String separator) {
    return columns.stream()
        .map(column -> column.parquet().getName() + separator + column.sql())
        .collect(Collectors.joining(", "));
  }

  private static <T> Column<T> required(String name, Kind kind, Function<T, Object> value) {
    return new Column<>(
        kind.parquet(Repetition.REQUIRED, name),
        kind.sql,
        (row, from) -> add(row, name, value.apply(from)));
  }

  private static <T> Column<T> optional(
      String name, Kind kind, Function<T, @Nullable Object> value) {
    return new Column<>(
        kind.parquet(Repetition.OPTIONAL, name),
        kind.sql,
        (row, from) -> {
          Object cell = value.apply(from);
          if (cell != null) {
            add(row, name, cell);
          }
        });
  }

  private static Column<Sample> clock(String name, Function<ClockOffset, Long> micros) {
    return optional(name, Kind.LONG, s -> s.clock() == null ? null : micros.apply(s.clock()));
  }

  private static Column<Sample> floats(String name, Function<Sample, List<Float>> values) {
    return new Column<>(
        list(name, Kind.FLOAT.parquet(Repetition.REQUIRED, ELEMENT)),
        "ARRAY<FLOAT>",
        (row, from) -> {
          Group list = row.addGroup(name);
          values.apply(from).forEach(value -> list.addGroup(LIST).add(ELEMENT, value));
        });
  }

  private static Column<Sample> gpus(String name) {
    Type[] types = GPU.stream().map(Column::parquet).toArray(Type[]::new);
    return new Column<>(
        list(name, new GroupType(Repetition.REQUIRED, ELEMENT, types)),
        "ARRAY<STRUCT<%s>>".formatted(ddl(GPU, ": ")),
        (row, from) -> {
          Group list = row.addGroup(name);
          for (GpuSample gpu : from.gpus()) {
            Group element = list.addGroup(LIST).addGroup(ELEMENT);
            GPU.forEach(column -> column.cell().add(element, gpu));
          }
        });
  }

  private static Type list(String name, Type element) {
    return Types.requiredGroup()
        .as(LogicalTypeAnnotation.listType())
        .addField(new GroupType(Repetition.REPEATED, LIST, element))
        .named(name);
  }

  private static void add(Group row, String name, Object cell) {
    if (cell instanceof String text) {
      row.add(name, text);
    } else if (cell instanceof Long number) {
      row.add(name, number);
    } else if (cell instanceof Integer number) {
      row.add(name, number);
    } else {
      row.add(name, (Float) cell);
    }
  }
}
