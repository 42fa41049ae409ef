package io.tandem.text;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells as aligned text: the first row is the heading, numbers stand right. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable row(List<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  /** The table, each line ended. A column is a column of numbers where its cells are. */
  public String text() {
    int columns = rows.get(0).size();
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String cell = rows.get(r).get(c);
        String padding = " ".repeat(width(c) - cell.length());
        line.append(isNumeric(c) ? padding + cell : cell + padding).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
      if (r == 0) {
        text.append("-".repeat(rule())).append('\n');
      }
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private int rule() {
    int width = 0;
    for (int c = 0; c < rows.get(0).size(); c++) {
      width += width(c) + (c == 0 ? 0 : 2);
    }
    return width;
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .skip(1)
        .map(row -> row.get(column))
        .allMatch(cell -> cell.isEmpty() || cell.matches("-?\\d[\\d.,]*"));
  }
}
