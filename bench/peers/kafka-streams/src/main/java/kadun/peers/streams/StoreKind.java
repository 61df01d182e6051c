package kadun.peers.streams;

/** Where state lives: in memory and lost with the process, or in RocksDB with a changelog topic. */
enum StoreKind {
    MEMORY,
    ROCKSDB;

    static StoreKind of(String word) {
        return switch (word) {
            case "memory" -> MEMORY;
            case "rocksdb" -> ROCKSDB;
            default -> throw new IllegalArgumentException("--store " + word + ": expected memory or rocksdb");
        };
    }
}
