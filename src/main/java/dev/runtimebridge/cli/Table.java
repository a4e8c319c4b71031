package dev.runtimebridge.cli;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

import java.util.List;

/** Rows for people, in columns under a heading, or for programs. */
record Table(List<String> header) {
    private static final int GAP = 2;

    Table(String... header) {
        this(List.of(header));
    }

    /** One line per row, tabs between its cells. */
    static String lines(List<List<String>> rows) {
        var text = new StringBuilder();
        rows.forEach(row -> text.append(String.join("\t", row)).append('\n'));
        return text.toString();
    }

    /** The heading and the rows, each column as wide as its widest cell. */
    String text(List<List<String>> rows) {
        var columns = new Column[header.size()];
        for (int i = 0; i < columns.length; i++) {
            int at = i;
            int widest = rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
            int width = Math.max(widest, header.get(i).length()) + GAP;
            columns[i] = new Column(width, 0, Column.Overflow.SPAN);
        }
        var table = TextTable.forColumns(new ColorScheme.Builder(Ansi.OFF).build(), columns);
        table.addRowValues(header.toArray(String[]::new));
        rows.forEach(row -> table.addRowValues(row.toArray(String[]::new)));
        return table.toString();
    }
}
