package kadun.peers.clients;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A load as the comparison writes it (bench/end-to-end/load-file.ts), big-endian: number of messages (int), number of
 * the first in its stream (double), then of each message when it is due in milliseconds from the start (double), partition
 * (int), length and bytes of the key (int, UTF-8) and of the value (int).
 */
record LoadFile(long first, double[] dueMs, int[] partitions, String[] keys, byte[][] values) {
    static LoadFile read(Path path) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16))) {
            int count = in.readInt();
            long first = (long) in.readDouble();
            LoadFile load =
                    new LoadFile(first, new double[count], new int[count], new String[count], new byte[count][]);
            for (int i = 0; i < count; i++) {
                load.dueMs[i] = in.readDouble();
                load.partitions[i] = in.readInt();
                load.keys[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                load.values[i] = in.readNBytes(in.readInt());
            }
            return load;
        }
    }

    int count() {
        return dueMs.length;
    }

    /** Two machine times of each message (doubles, milliseconds): handed to the producer, received; NaN where it was not. */
    static void writeTimes(Path path, double[] sentMs, double[] receivedMs) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path)))) {
            for (int i = 0; i < sentMs.length; i++) {
                out.writeDouble(sentMs[i]);
                out.writeDouble(receivedMs[i]);
            }
        }
    }
}
