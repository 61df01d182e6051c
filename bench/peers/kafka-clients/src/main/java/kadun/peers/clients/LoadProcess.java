package kadun.peers.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Generator and observer of the paced loads by Kafka's own producer and consumer: `BROKERS INPUT OUTPUT`. It is told one thing
 * a line on its standard input, and answers with a line:
 *
 * <ul>
 *   <li>`prepare FILE` → `ready`: reads a load ({@link LoadFile});
 *   <li>`go START_MS PATIENCE_MS TIMES_FILE` → `done`: sends it when due, and writes when each was sent and received.
 * </ul>
 *
 * Ends with its input, or with status 1 and what went wrong on standard error.
 */
public final class LoadProcess {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLL_RECORDS = 5_000;
    private static final int BATCH_BYTES = 65_536;

    private LoadProcess() {}

    public static void main(String[] args) throws Exception {
        String brokers = args[0];
        String input = args[1];
        AtomicReference<LoadRun> current = new AtomicReference<>();
        KafkaConsumer<byte[], byte[]> consumer = consumer(brokers, args[2]);
        Thread observer = new Thread(() -> observe(consumer, current), "observer");
        observer.setDaemon(true);
        observer.setUncaughtExceptionHandler((thread, error) -> fail(error));
        observer.start();
        try (Producer<String, byte[]> producer = producer(brokers)) {
            producer.partitionsFor(input);
            say("ready");
            serve(producer, input, current);
        } catch (Exception error) {
            fail(error);
        }
        System.exit(0);
    }

    private static void serve(Producer<String, byte[]> producer, String topic, AtomicReference<LoadRun> current)
            throws Exception {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "prepare" -> {
                    current.set(new LoadRun(LoadFile.read(Path.of(words[1]))));
                    // What reading left is not to be collected while swipes are due.
                    System.gc();
                    say("ready");
                }
                case "go" -> {
                    LoadRun run = current.get();
                    run.run(producer, topic, Double.parseDouble(words[1]), Double.parseDouble(words[2]));
                    run.writeTimes(Path.of(words[3]));
                    say("done");
                }
                default -> throw new IOException("'" + line + "': expected prepare or go");
            }
        }
    }

    /** From where the topic ends now; does not end. */
    private static void observe(KafkaConsumer<byte[], byte[]> consumer, AtomicReference<LoadRun> current) {
        for (; ; ) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            double nowMs = LoadRun.machineMs();
            LoadRun run = current.get();
            if (run != null) {
                run.take(records, nowMs);
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String brokers, String topic) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo each : consumer.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, each.partition()));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        for (TopicPartition each : partitions) {
            consumer.position(each);
        }
        return consumer;
    }

    private static Producer<String, byte[]> producer(String brokers) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void fail(Throwable error) {
        error.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
