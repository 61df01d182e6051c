-- What the breaker has counted, with the place of the consumer of answers: it can be made again from the decisions log as
-- far as that goes back, which is not done; lost, the breaker starts without a baseline.
create table breaker_windows (
  partition integer primary key check (partition >= 0),
  state jsonb not null
);
