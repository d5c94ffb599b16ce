package dev.casemate.proxy.audit;

/// Where a record stands in the ledger: its number from 0, which is its leaf index in the tree.
public record Position(long index) implements Comparable<Position> {

    public Position {
        if (index < 0) {
            throw new IllegalArgumentException("a position is 0 or more");
        }
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(index, other.index);
    }
}
