"""Small manifests of Patroni and the operators, for several tests."""

from __future__ import annotations

PATRONI = """\
scope: shop
name: pg1
restapi:
  listen: 10.0.0.1:8008
bootstrap:
  dcs:
    loop_wait: 10
    postgresql:
      pg_hba:
      - hostssl all all 10.0.0.0/8 scram-sha-256
      parameters: &common
        max_connections: 200
        work_mem: 8MB
        jit: off
        wal_keep_segments: 4
        log_line_prefix: "%m [it's]"
postgresql:
  listen: "10.0.0.1,127.0.0.1:5433"
  connect_address: pg1.internal:5433
  bin_dir: /usr/lib/postgresql/16/bin
  parameters:
    work_mem: 16MB
    max_connections: 300   # pgfpmlint: ignore[manifest/ignored-parameter] for the day of the move
    shared_buffers: 128MB
"""

CNPG = """\
apiVersion: v1
kind: List
items:
- apiVersion: postgresql.cnpg.io/v1
  kind: Cluster
  metadata: {name: orders, namespace: shop}
  spec:
    instances: 2
    imageName: ghcr.io/cloudnative-pg/postgresql:17.5-bookworm@sha256:00
    resources:
      requests: {memory: 512Mi}
      limits: {memory: 2Gi, cpu: "2"}
    postgresql:
      shared_preload_libraries: [pgaudit]
      parameters:
        max_connections: "60"
        auto_explain.log_min_duration: 10s
      pg_hba:
      - host all all 10.0.0.0/8 scram-sha-256
      - |
        hostssl all all all cert
- apiVersion: postgresql.cnpg.io/v1
  kind: Pooler
  metadata: {name: orders-pool, namespace: shop}
  spec:
    cluster: {name: orders}
    instances: 2
    type: ro
    pgbouncer:
      image: ghcr.io/cloudnative-pg/pgbouncer:1.24.1
      poolMode: transaction
      parameters:
        default_pool_size: "40"
        ignore_startup_parameters: search_path
"""

ZALANDO = """\
apiVersion: acid.zalan.do/v1
kind: postgresql
metadata: {name: acid-shop, namespace: shop}
spec:
  teamId: acid
  numberOfInstances: 2
  enableConnectionPooler: true
  connectionPooler:
    numberOfInstances: 3
    maxDBConnections: 90
    mode: session
  postgresql:
    version: "16"
    parameters:
      shared_buffers: 32MB
      max_connections: "80"
      wal_level: logical
  resources: {limits: {cpu: 500m, memory: 1500Mi}}
  patroni:
    pg_hba:
    - hostssl all all 10.0.0.0/8 scram-sha-256
"""

CRUNCHY = """\
apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo, namespace: zoo}
spec:
  postgresVersion: 17
  port: 5433
  instances:
  - name: one
    replicas: 2
    resources: {limits: {memory: 4Gi}}
  config:
    parameters:
      work_mem: 8MB
      max_connections: 60
  authentication:
    rules:
    - {connection: hostssl, databases: [shop, "a b"], method: password, options: {clientcert: verify-ca}}
    - hba: hostnossl all all all reject
  patroni:
    dynamicConfiguration:
      postgresql:
        parameters:
          work_mem: 4MB
          shared_buffers: 1GB
          ssl: off
        pg_hba:
        - hostssl all all all scram-sha-256
  proxy:
    pgBouncer:
      image: registry.example/crunchy-pgbouncer:ubi8-1.21-3
      replicas: 2
      config:
        global:
          pool_mode: transaction
          default_pool_size: "40"
"""
