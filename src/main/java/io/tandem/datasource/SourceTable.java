package io.tandem.datasource;

import java.util.Set;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.V1Scan;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The table of a read, whose scans make the columns that a query needs. */
@SuppressWarnings("deprecation") // schema() is; what takes its place needs classes of Spark's own.
record SourceTable(SourceRelation relation, StructType schema) implements SupportsRead {
  @Override
  public String name() {
    return TandemSource.NAME;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new Pruning(relation, schema);
  }

  private static final class Pruning implements SupportsPushDownRequiredColumns {
    private final SourceRelation relation;
    private StructType columns;

    Pruning(SourceRelation relation, StructType columns) {
      this.relation = relation;
      this.columns = columns;
    }

    /** Keeps whole columns, also where a query needs a field of a struct only. */
    @Override
    public void pruneColumns(StructType required) {
      StructType kept = new StructType();
      for (String name : required.fieldNames()) {
        kept = kept.add(columns.apply(name));
      }
      columns = kept;
    }

    @Override
    public Scan build() {
      return new SourceScan(relation.pruned(columns));
    }
  }

  /** A scan whose rows are an RDD: the executors list the frames where there are very many. */
  private record SourceScan(SourceRelation relation) implements V1Scan {
    @Override
    public StructType readSchema() {
      return relation.schema();
    }

    @Override
    public String description() {
      return "%s [%s]".formatted(relation, String.join(", ", relation.schema().fieldNames()));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Spark has it so.
    @Override
    public <T extends BaseRelation & TableScan> T toV1TableScan(SQLContext context) {
      return (T) relation;
    }
  }
}
