package kadun.peers.streams;

import java.time.Duration;
import java.util.Properties;
import kadun.peers.swipe5.Arguments;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * The job on Kafka Streams: `--brokers --input --card-status --output --group --state-dir [--store memory|rocksdb]
 * [--guarantee at-least-once|exactly-once] [--threads N] [--linger-ms N] [--batch-bytes N]`. Ends on SIGTERM.
 *
 * Both topics are keyed by person and have the same partitions, so that a task has the states of the cards of its
 * swipes. Streams takes the older record first, and waits for what is there but not yet fetched: states that are in
 * the topic before the swipes are known when those are judged.
 */
public final class StreamsWorker {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private StreamsWorker() {}

    public static void main(String[] args) {
        Arguments arguments = new Arguments(args);
        KafkaStreams streams = new KafkaStreams(topology(arguments), properties(arguments));
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((next, before) -> {
            if (next == KafkaStreams.State.ERROR) {
                Runtime.getRuntime().halt(1);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(CLOSE_WITHIN)));
        streams.start();
    }

    private static Topology topology(Arguments arguments) {
        StoreKind kind = StoreKind.of(arguments.text("store", "rocksdb"));
        Deserializer<String> keys = Serdes.String().deserializer();
        Deserializer<byte[]> values = Serdes.ByteArray().deserializer();
        Serializer<String> keysOut = Serdes.String().serializer();
        Serializer<byte[]> valuesOut = Serdes.ByteArray().serializer();
        return new Topology()
                .addSource("swipes", keys, values, arguments.text("input"))
                .addSource("card-status", keys, values, arguments.text("card-status"))
                .addProcessor("judge", SwipeProcessor::new, "swipes")
                .addProcessor("lost", CardStatusProcessor::new, "card-status")
                .addStateStore(JobStores.persons(kind), "judge")
                .addStateStore(JobStores.lostCards(kind), "judge", "lost")
                .addSink("decisions", arguments.text("output"), keysOut, valuesOut, "judge");
    }

    private static Properties properties(Arguments arguments) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments.text("brokers"));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments.text("group"));
        properties.put(StreamsConfig.STATE_DIR_CONFIG, arguments.text("state-dir"));
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, (int) arguments.number("threads", 2));
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee(arguments));
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        putProducer(properties, ProducerConfig.LINGER_MS_CONFIG, arguments.number("linger-ms", -1));
        putProducer(properties, ProducerConfig.BATCH_SIZE_CONFIG, arguments.number("batch-bytes", -1));
        return properties;
    }

    private static String guarantee(Arguments arguments) {
        String word = arguments.text("guarantee", "at-least-once");
        return switch (word) {
            case "at-least-once" -> StreamsConfig.AT_LEAST_ONCE;
            case "exactly-once" -> StreamsConfig.EXACTLY_ONCE_V2;
            default -> throw new IllegalArgumentException(
                    "--guarantee " + word + ": expected at-least-once or exactly-once");
        };
    }

    /** Negative: as Streams has it. */
    private static void putProducer(Properties properties, String name, long value) {
        if (value >= 0) {
            properties.put(StreamsConfig.producerPrefix(name), (int) value);
        }
    }
}
