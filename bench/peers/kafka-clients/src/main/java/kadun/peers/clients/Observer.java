package kadun.peers.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Tells a load what comes into a topic: one consumer, polled by one thread at a time. */
final class Observer {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLL_RECORDS = 5_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private volatile LoadRun run;
    private volatile boolean isFollowing;
    private Thread thread;

    Observer(String brokers) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void tell(LoadRun next) {
        run = next;
    }

    /** From where all partitions of the topic end now. */
    void follow(String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo each : consumer.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, each.partition()));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        for (TopicPartition each : partitions) {
            consumer.position(each);
        }
        isFollowing = true;
        thread = new Thread(this::poll, "observer");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, error) -> LoadProcess.fail(error));
        thread.start();
    }

    void rest() throws InterruptedException {
        isFollowing = false;
        thread.join();
        consumer.unsubscribe();
        run = null;
    }

    private void poll() {
        while (isFollowing) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            double nowMs = LoadRun.machineMs();
            LoadRun current = run;
            if (current != null) {
                current.take(records, nowMs);
            }
        }
    }
}
