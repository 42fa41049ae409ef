package io.tandem.text;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Aligns rows of cells as text: the first row is the heading, numbers are aligned right. */
public final class TextTable {
  /** A rule beneath the heading, and nothing else: where it is drawn in AsciiTable's list. */
  private static final int RULE = 8;

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; every row has as many cells as the first one. */
  public TextTable row(List<String> cells) {
    rows.add(cells.stream().map(Printable::value).toList());
    return this;
  }

  /** Returns the table, each line ended. */
  public String text() {
    Character[] border = AsciiTable.NO_BORDERS.clone();
    border[RULE] = '-';
    String table =
        AsciiTable.builder()
            .lineSeparator("\n")
            .border(border)
            .data(
                IntStream.range(0, rows.get(0).size())
                    .mapToObj(this::column)
                    .toArray(Column[]::new),
                rows.stream().skip(1).map(List::toArray).toArray(Object[][]::new))
            .asString();
    // The library pads each cell by a space on both sides.
    return table
        .lines()
        .map(line -> line.substring(1, line.length() - 1).stripTrailing() + "\n")
        .collect(Collectors.joining());
  }

  private Column column(int index) {
    HorizontalAlign align = isNumeric(index) ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
    return new Column()
        .header(rows.get(0).get(index))
        .headerAlign(align)
        .dataAlign(align)
        .maxWidth(Integer.MAX_VALUE);
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .skip(1)
        .map(row -> row.get(column))
        .allMatch(cell -> cell.isEmpty() || cell.matches("-?\\d[\\d.,]*"));
  }
}
