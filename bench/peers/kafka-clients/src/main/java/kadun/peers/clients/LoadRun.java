package kadun.peers.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One load: sent when due, whatever became of what was sent before. The observer's thread says what it received. */
final class LoadRun {
    private static final double NANOS_PER_MS = 1e6;
    private static final long PARK_NANOS_MIN = 200_000;
    private static final long PARK_NANOS_MAX = 1_000_000;

    /** Where the number stands in a swipe and in its decision: {"eventId":"swipe-4403-100000000007". */
    private static final int NUMBER_AT = "{\"eventId\":\"swipe-4403-".length();

    private static final int NUMBER_DIGITS = 12;
    private static final long FIRST_NUMBER = 100_000_000_000L;

    private final LoadFile load;
    private final double[] sentMs;
    private final double[] receivedMs;
    private final CountDownLatch complete = new CountDownLatch(1);
    private int received = 0;

    LoadRun(LoadFile load) {
        this.load = load;
        sentMs = new double[load.count()];
        receivedMs = new double[load.count()];
        Arrays.fill(receivedMs, Double.NaN);
    }

    /** @return milliseconds of a clock that all processes of the machine share (Linux: CLOCK_MONOTONIC). */
    static double machineMs() {
        return System.nanoTime() / NANOS_PER_MS;
    }

    /** By the observer's thread, all that came at once. What is not of this load, or came before, is passed over. */
    synchronized void take(Iterable<ConsumerRecord<byte[], byte[]>> records, double nowMs) {
        for (ConsumerRecord<byte[], byte[]> each : records) {
            long index = numberIn(each.value()) - load.first();
            if (index < 0 || index >= receivedMs.length || !Double.isNaN(receivedMs[(int) index])) {
                continue;
            }
            receivedMs[(int) index] = nowMs;
            received++;
        }
        if (received == receivedMs.length) {
            complete.countDown();
        }
    }

    /**
     * Sends all and waits until all are received, or the patience is over.
     *
     * @param patienceMs after the last was due.
     */
    void run(Producer<String, byte[]> producer, String topic, double startMs, double patienceMs)
            throws InterruptedException, ExecutionException {
        Future<?>[] appends = new Future<?>[load.count()];
        for (int i = 0; i < load.count(); i++) {
            waitUntil(startMs + load.dueMs()[i]);
            sentMs[i] = machineMs();
            appends[i] = producer.send(
                    new ProducerRecord<>(topic, load.partitions()[i], load.keys()[i], load.values()[i]));
        }
        producer.flush();
        for (Future<?> append : appends) {
            append.get();
        }
        double lastMs = load.count() == 0 ? 0 : load.dueMs()[load.count() - 1];
        double leftMs = startMs + lastMs + patienceMs - machineMs();
        complete.await((long) Math.max(0, leftMs), TimeUnit.MILLISECONDS);
    }

    synchronized void writeTimes(Path path) throws IOException {
        LoadFile.writeTimes(path, sentMs, receivedMs);
    }

    private static void waitUntil(double dueMs) {
        for (double nanos = (dueMs - machineMs()) * NANOS_PER_MS; nanos > 0; ) {
            LockSupport.parkNanos(Math.max(PARK_NANOS_MIN, Math.min((long) nanos, PARK_NANOS_MAX)));
            nanos = (dueMs - machineMs()) * NANOS_PER_MS;
        }
    }

    /** Which swipe of its stream a message is about; negative where it is about none. */
    private static long numberIn(byte[] message) {
        if (message == null || message.length < NUMBER_AT + NUMBER_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int at = NUMBER_AT; at < NUMBER_AT + NUMBER_DIGITS; at++) {
            int digit = message[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number - FIRST_NUMBER;
    }
}
