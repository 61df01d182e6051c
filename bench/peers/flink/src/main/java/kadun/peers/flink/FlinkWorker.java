package kadun.peers.flink;

import java.nio.file.Path;
import java.util.Properties;
import kadun.peers.swipe5.Arguments;
import kadun.peers.swipe5.Decision;
import kadun.peers.swipe5.Swipe;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The job on Flink, whole in this process: `--brokers --input --card-status --output --group --checkpoint-dir
 * [--checkpoint-every-ms N] [--parallelism N] [--buffer-timeout-ms N] [--linger-ms N] [--batch-bytes N]`. State is on
 * the heap, with a checkpoint to disk at each interval. SIGTERM ends it.
 */
public final class FlinkWorker {
    private FlinkWorker() {}

    public static void main(String[] args) {
        Arguments arguments = new Arguments(args);
        try {
            StreamExecutionEnvironment environment = environment(arguments);
            addJob(environment, arguments);
            environment.execute("swipe-5");
        } catch (Exception error) {
            error.printStackTrace();
            System.exit(1);
        }
    }

    private static StreamExecutionEnvironment environment(Arguments arguments) {
        Configuration settings = new Configuration();
        settings.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                Path.of(arguments.text("checkpoint-dir")).toUri().toString());
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
        settings.set(RestOptions.ADDRESS, "127.0.0.1");
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(RestOptions.BIND_PORT, "0");
        int parallelism = (int) arguments.number("parallelism", 2);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        environment.getConfig().enableObjectReuse();
        environment.enableCheckpointing(
                arguments.number("checkpoint-every-ms", 10_000), CheckpointingMode.AT_LEAST_ONCE);
        long bufferTimeoutMs = arguments.number("buffer-timeout-ms", -1);
        if (bufferTimeoutMs >= 0) {
            environment.setBufferTimeout(bufferTimeoutMs);
        }
        return environment;
    }

    private static void addJob(StreamExecutionEnvironment environment, Arguments arguments) {
        DataStream<Swipe> swipes = environment.fromSource(
                source(arguments, "input", new SwipeDeserializer()), WatermarkStrategy.noWatermarks(), "swipes");
        DataStream<LossReport> losses = environment.fromSource(
                source(arguments, "card-status", new LossReportDeserializer()),
                WatermarkStrategy.noWatermarks(),
                "card-status");
        swipes.connect(losses)
                .keyBy(swipe -> swipe.psnNo, report -> report.psnNo)
                .process(new JudgeFunction(arguments.text("brokers"), arguments.text("card-status")))
                .returns(Decision.class)
                .sinkTo(sink(arguments));
    }

    private static <T> KafkaSource<T> source(
            Arguments arguments, String topic, KafkaRecordDeserializationSchema<T> deserializer) {
        return KafkaSource.<T>builder()
                .setBootstrapServers(arguments.text("brokers"))
                .setTopics(arguments.text(topic))
                .setGroupId(arguments.text("group") + "-" + topic)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(deserializer)
                .build();
    }

    private static KafkaSink<Decision> sink(Arguments arguments) {
        Properties producer = new Properties();
        putIfGiven(producer, ProducerConfig.LINGER_MS_CONFIG, arguments.number("linger-ms", -1));
        putIfGiven(producer, ProducerConfig.BATCH_SIZE_CONFIG, arguments.number("batch-bytes", -1));
        return KafkaSink.<Decision>builder()
                .setBootstrapServers(arguments.text("brokers"))
                .setRecordSerializer(new DecisionSerializer(arguments.text("output")))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setKafkaProducerConfig(producer)
                .build();
    }

    /** Negative: as the producer has it. */
    private static void putIfGiven(Properties properties, String name, long value) {
        if (value >= 0) {
            properties.put(name, Long.toString(value));
        }
    }
}
