"""What packages, images, resources, variables and files are known to suggest of an application.

One row for each label. Names are as manifests spell them, with a blank between: a package as
``pypi/redis``, a resource as ``terraform:aws_db_instance``; one that ends with * is a beginning.
Vector stores, agent frameworks and tools of agents are products that signatures know, and are
told by their categories.
"""

from __future__ import annotations

from typing import NamedTuple

from scanner.model import Category, HintKind

_STORE, _AGENT, _RUNS = HintKind.DATA_STORE, HintKind.AGENT_OR_TOOL, HintKind.DEPLOYMENT
_CUSTOMERS, _COLLEAGUES = HintKind.CUSTOMER_FACING, HintKind.INTERNAL


class Clue(NamedTuple):
    """What suggests one thing, and in which words."""

    kind: HintKind
    label: str
    says: str = ""  # what a person should know who reads the reason
    packages: str = ""
    modules: str = ""  # of programs; classes that are imported are not told
    images: str = ""
    resources: str = ""
    variables: str = ""
    hosts: str = ""
    actions: str = ""  # of pipelines, which are for building everywhere else
    files: str = ""  # by their names
    kinds: str = ""  # of files that say something of an application


STORES = (
    Clue(
        _STORE,
        "PostgreSQL",
        packages="pypi/psycopg pypi/psycopg2 pypi/psycopg2-binary pypi/psycopg-binary pypi/asyncpg"
        " pypi/pg8000 npm/pg npm/postgres npm/@vercel/postgres npm/@neondatabase/serverless"
        " maven/org.postgresql/postgresql nuget/Npgsql nuget/Npgsql.EntityFrameworkCore.PostgreSQL"
        " golang/github.com/lib/pq golang/github.com/jackc/pgx* gem/pg cargo/tokio-postgres"
        " hex/postgrex helm/postgresql helm/postgresql-ha",
        images="postgres bitnami/postgresql bitnamilegacy/postgresql postgis/postgis"
        " pgvector/pgvector ankane/pgvector timescale/timescaledb timescale/timescaledb-ha"
        " supabase/postgres ghcr.io/cloudnative-pg/postgresql",
        resources="terraform:azurerm_postgresql_* terraform:aws_rds_cluster_postgresql*"
        " bicep:Microsoft.DBforPostgreSQL/* kubernetes:postgresql.cnpg.io/Cluster",
        variables="POSTGRES_* POSTGRESQL_* PGHOST PGDATABASE PG_HOST PG_URL PG_DATABASE_URL"
        " NEON_DATABASE_URL",
    ),
    Clue(
        _STORE,
        "MySQL or MariaDB",
        packages="pypi/mysqlclient pypi/pymysql pypi/aiomysql pypi/mysql-connector-python npm/mysql"
        " npm/mysql2 npm/mariadb maven/com.mysql/mysql-connector-j maven/mysql/mysql-connector-java"
        " maven/org.mariadb.jdbc/mariadb-java-client nuget/MySqlConnector nuget/MySql.Data"
        " golang/github.com/go-sql-driver/mysql gem/mysql2 helm/mysql helm/mariadb",
        images="mysql mysql/mysql-server mariadb bitnami/mysql bitnami/mariadb percona",
        resources="terraform:azurerm_mysql_* bicep:Microsoft.DBforMySQL/*",
        variables="MYSQL_* MARIADB_*",
    ),
    Clue(
        _STORE,
        "Microsoft SQL Server",
        packages="pypi/pymssql npm/mssql maven/com.microsoft.sqlserver/mssql-jdbc"
        " nuget/Microsoft.Data.SqlClient nuget/Microsoft.EntityFrameworkCore.SqlServer",
        images="mcr.microsoft.com/mssql/server",
        resources="terraform:azurerm_mssql_* bicep:Microsoft.Sql/servers*",
        variables="MSSQL_*",
    ),
    Clue(
        _STORE,
        "Oracle Database",
        packages="pypi/oracledb pypi/cx-oracle npm/oracledb maven/com.oracle.database.jdbc/*",
        images="gvenzl/oracle-* container-registry.oracle.com/database/*",
    ),
    Clue(
        _STORE,
        "SQLite",
        packages="pypi/aiosqlite npm/sqlite3 npm/better-sqlite3 maven/org.xerial/sqlite-jdbc"
        " nuget/Microsoft.Data.Sqlite golang/github.com/mattn/go-sqlite3 gem/sqlite3 cargo/rusqlite",
    ),
    Clue(
        _STORE,
        "a SQL database",
        "which one, the address tells, and that is not read",
        packages="pypi/sqlalchemy pypi/sqlmodel pypi/tortoise-orm pypi/peewee npm/prisma"
        " npm/@prisma/client npm/typeorm npm/drizzle-orm npm/sequelize npm/knex"
        " golang/gorm.io/gorm cargo/sqlx cargo/diesel hex/ecto_sql"
        " maven/org.springframework.boot/spring-boot-starter-data-jpa",
        resources="terraform:aws_db_instance terraform:aws_rds_cluster"
        " terraform:google_sql_database_instance cloudformation:AWS::RDS::*",
        variables="DATABASE_URL DATABASE_URI DATABASE_HOST DATABASE_DSN DB_HOST DB_URL DB_NAME"
        " DB_CONNECTION_STRING SQLALCHEMY_DATABASE_URI SQLALCHEMY_DATABASE_URL"
        " SPRING_DATASOURCE_URL JDBC_DATABASE_URL",
    ),
    Clue(
        _STORE,
        "Redis or Valkey",
        packages="pypi/redis pypi/aioredis pypi/valkey npm/redis npm/ioredis npm/@upstash/redis"
        " npm/iovalkey maven/redis.clients/jedis maven/io.lettuce/lettuce-core"
        " maven/org.springframework.boot/spring-boot-starter-data-redis nuget/StackExchange.Redis"
        " golang/github.com/redis/go-redis* golang/github.com/go-redis/redis* gem/redis cargo/redis"
        " hex/redix helm/redis helm/valkey",
        images="redis redis/redis-stack redis/redis-stack-server bitnami/redis bitnami/valkey"
        " valkey/valkey docker.dragonflydb.io/dragonflydb/dragonfly eqalpha/keydb",
        resources="terraform:aws_elasticache_* terraform:azurerm_redis_cache"
        " terraform:google_redis_instance cloudformation:AWS::ElastiCache::*"
        " bicep:Microsoft.Cache/redis*",
        variables="REDIS_URL REDIS_URI REDIS_HOST REDIS_PORT REDIS_PASSWORD REDIS_ADDR"
        " UPSTASH_REDIS_REST_URL UPSTASH_REDIS_REST_TOKEN KV_REST_API_URL",
    ),
    Clue(
        _STORE,
        "MongoDB",
        packages="pypi/pymongo pypi/motor pypi/mongoengine pypi/beanie npm/mongodb npm/mongoose"
        " maven/org.mongodb/* nuget/MongoDB.Driver golang/go.mongodb.org/mongo-driver* gem/mongoid"
        " cargo/mongodb helm/mongodb",
        images="mongo mongodb/mongodb-community-server mongodb/mongodb-atlas-local bitnami/mongodb",
        resources="terraform:mongodbatlas_* terraform:aws_docdb_* cloudformation:AWS::DocDB::*",
        variables="MONGO_URL MONGO_URI MONGO_HOST MONGODB_URI MONGODB_URL MONGODB_HOST"
        " MONGO_INITDB_*",
    ),
    Clue(
        _STORE,
        "Elasticsearch",
        packages="pypi/elasticsearch npm/@elastic/elasticsearch nuget/Elastic.Clients.Elasticsearch"
        " maven/co.elastic.clients/elasticsearch-java golang/github.com/elastic/go-elasticsearch*"
        " gem/elasticsearch helm/elasticsearch",
        images="elasticsearch docker.elastic.co/elasticsearch/elasticsearch bitnami/elasticsearch",
        resources="kubernetes:elasticsearch.k8s.elastic.co/Elasticsearch terraform:ec_deployment",
        variables="ELASTICSEARCH_* ELASTIC_URL ELASTIC_HOST ELASTIC_CLOUD_ID",
    ),
    Clue(
        _STORE,
        "OpenSearch",
        packages="pypi/opensearch-py npm/@opensearch-project/opensearch"
        " golang/github.com/opensearch-project/opensearch-go* helm/opensearch",
        images="opensearchproject/opensearch",
        resources="terraform:aws_opensearch_* terraform:aws_opensearchserverless_*"
        " cloudformation:AWS::OpenSearchService::* cloudformation:AWS::OpenSearchServerless::*",
        variables="OPENSEARCH_*",
    ),
    # Signatures know some of these only by what is built for AI; their plain names say enough.
    Clue(_STORE, "Pinecone", variables="PINECONE_*"),
    Clue(_STORE, "Qdrant", images="qdrant/qdrant", variables="QDRANT_*"),
    Clue(
        _STORE,
        "Weaviate",
        images="semitechnologies/weaviate cr.weaviate.io/semitechnologies/weaviate",
        variables="WEAVIATE_*",
    ),
    Clue(_STORE, "Milvus", images="milvusdb/milvus", variables="MILVUS_* ZILLIZ_*"),
    Clue(_STORE, "Chroma", images="chromadb/chroma", variables="CHROMA_* CHROMADB_*"),
    Clue(
        _STORE,
        "Amazon S3 or what speaks its protocol",
        packages="npm/@aws-sdk/client-s3 pypi/s3fs pypi/minio npm/minio maven/software.amazon.awssdk/s3"
        " maven/com.amazonaws/aws-java-sdk-s3 nuget/AWSSDK.S3 gem/aws-sdk-s3 cargo/aws-sdk-s3"
        " golang/github.com/aws/aws-sdk-go-v2/service/s3 golang/github.com/minio/minio-go*"
        " helm/minio",
        images="minio/minio bitnami/minio quay.io/minio/minio",
        resources="terraform:aws_s3_bucket cloudformation:AWS::S3::Bucket",
        variables="S3_BUCKET S3_BUCKET_NAME S3_ENDPOINT S3_ENDPOINT_URL AWS_S3_* AWS_BUCKET MINIO_*",
    ),
    Clue(
        _STORE,
        "Google Cloud Storage",
        packages="pypi/google-cloud-storage pypi/gcsfs npm/@google-cloud/storage"
        " maven/com.google.cloud/google-cloud-storage nuget/Google.Cloud.Storage.V1"
        " golang/cloud.google.com/go/storage gem/google-cloud-storage",
        resources="terraform:google_storage_bucket",
        variables="GCS_BUCKET GCS_BUCKET_NAME GOOGLE_CLOUD_STORAGE_*",
    ),
    Clue(
        _STORE,
        "Azure Blob Storage",
        packages="pypi/azure-storage-blob npm/@azure/storage-blob nuget/Azure.Storage.Blobs"
        " maven/com.azure/azure-storage-blob"
        " golang/github.com/Azure/azure-sdk-for-go/sdk/storage/azblob",
        images="mcr.microsoft.com/azure-storage/azurite",
        resources="terraform:azurerm_storage_account terraform:azurerm_storage_container"
        " bicep:Microsoft.Storage/storageAccounts*",
        variables="AZURE_STORAGE_*",
    ),
    Clue(
        _STORE,
        "Azure Cosmos DB",
        packages="pypi/azure-cosmos npm/@azure/cosmos nuget/Microsoft.Azure.Cosmos"
        " maven/com.azure/azure-cosmos",
        resources="terraform:azurerm_cosmosdb_* bicep:Microsoft.DocumentDB/*",
        variables="COSMOS_* COSMOSDB_* AZURE_COSMOS*",
    ),
    Clue(
        _STORE,
        "Amazon DynamoDB",
        packages="npm/@aws-sdk/client-dynamodb npm/@aws-sdk/lib-dynamodb pypi/pynamodb"
        " nuget/AWSSDK.DynamoDBv2 maven/software.amazon.awssdk/dynamodb"
        " golang/github.com/aws/aws-sdk-go-v2/service/dynamodb",
        images="amazon/dynamodb-local",
        resources="terraform:aws_dynamodb_table cloudformation:AWS::DynamoDB::Table"
        " cloudformation:AWS::Serverless::SimpleTable",
        variables="DYNAMODB_* DYNAMO_TABLE*",
    ),
    Clue(
        _STORE,
        "Firestore or Firebase",
        packages="pypi/google-cloud-firestore pypi/firebase-admin npm/firebase npm/firebase-admin"
        " npm/@google-cloud/firestore pub/cloud_firestore",
        resources="terraform:google_firestore_*",
    ),
    Clue(
        _STORE,
        "Supabase",
        packages="pypi/supabase npm/@supabase/supabase-js npm/@supabase/ssr pub/supabase_flutter",
        variables="SUPABASE_* NEXT_PUBLIC_SUPABASE_*",
    ),
    Clue(
        _STORE,
        "Snowflake",
        packages="pypi/snowflake-connector-python pypi/snowflake-sqlalchemy"
        " pypi/snowflake-snowpark-python npm/snowflake-sdk maven/net.snowflake/snowflake-jdbc"
        " golang/github.com/snowflakedb/gosnowflake nuget/Snowflake.Data",
        resources="terraform:snowflake_*",
        variables="SNOWFLAKE_*",
    ),
    Clue(
        _STORE,
        "BigQuery",
        packages="pypi/google-cloud-bigquery pypi/pandas-gbq npm/@google-cloud/bigquery"
        " maven/com.google.cloud/google-cloud-bigquery golang/cloud.google.com/go/bigquery",
        resources="terraform:google_bigquery_*",
        variables="BIGQUERY_* BQ_DATASET",
    ),
    Clue(
        _STORE,
        "Databricks SQL",
        packages="pypi/databricks-sql-connector npm/@databricks/sql",
        resources="terraform:databricks_sql_*",
        variables="DATABRICKS_WAREHOUSE_ID DATABRICKS_HTTP_PATH",
    ),
    Clue(
        _STORE,
        "ClickHouse",
        packages="pypi/clickhouse-connect pypi/clickhouse-driver npm/@clickhouse/client"
        " golang/github.com/clickhouse/clickhouse-go*",
        images="clickhouse clickhouse/clickhouse-server bitnami/clickhouse",
        variables="CLICKHOUSE_*",
    ),
    Clue(
        _STORE,
        "Neo4j",
        packages="pypi/neo4j npm/neo4j-driver maven/org.neo4j.driver/neo4j-java-driver"
        " golang/github.com/neo4j/neo4j-go-driver*",
        images="neo4j bitnami/neo4j",
        variables="NEO4J_*",
    ),
    Clue(
        _STORE,
        "Cassandra",
        packages="pypi/cassandra-driver npm/cassandra-driver maven/com.datastax.oss/*",
        images="cassandra bitnami/cassandra scylladb/scylla",
    ),
    Clue(
        _STORE,
        "Kafka",
        packages="pypi/confluent-kafka pypi/kafka-python pypi/aiokafka npm/kafkajs"
        " maven/org.apache.kafka/kafka-clients maven/org.springframework.kafka/spring-kafka"
        " nuget/Confluent.Kafka golang/github.com/segmentio/kafka-go",
        images="apache/kafka confluentinc/cp-kafka bitnami/kafka redpandadata/redpanda",
        resources="terraform:aws_msk_cluster kubernetes:kafka.strimzi.io/Kafka",
        variables="KAFKA_BOOTSTRAP_SERVERS KAFKA_BROKERS KAFKA_BROKER",
    ),
)
AGENTS = (
    Clue(
        _AGENT,
        "offers MCP tools",
        modules="mcp.server fastmcp.server fastapi_mcp io.modelcontextprotocol.server"
        " github.com/mark3labs/mcp-go/server ModelContextProtocol.Server",
    ),
    Clue(
        _AGENT,
        "calls MCP servers",
        modules="mcp.client fastmcp.client"
        " langchain_mcp_adapters io.modelcontextprotocol.client"
        " github.com/mark3labs/mcp-go/client ModelContextProtocol.Client",
        packages="pypi/langchain-mcp-adapters npm/@langchain/mcp-adapters pypi/mcp-use npm/mcp-use",
    ),
    Clue(
        _AGENT,
        "functions that a model may call",
        modules="langchain.tools langchain_core.tools langchain.agents langgraph.prebuilt"
        " langchain_community.tools langchain_community.agent_toolkits llama_index.core.tools"
        " llama_index.core.agent crewai.tools crewai_tools agents.function_tool agents.tool"
        " pydantic_ai.tools smolagents.tool smolagents.tools haystack.tools"
        " semantic_kernel.functions strands.tool agno.tools autogen_core.tools google.adk.tools"
        " openai.types.chat.chat_completion_tool_param anthropic.types.tool_param"
        " dev.langchain4j.agent.tool org.springframework.ai.tool"
        " github.com/tmc/langchaingo/tools github.com/tmc/langchaingo/agents",
        packages="pypi/crewai-tools",
    ),
)
DEPLOYMENTS = (
    Clue(_RUNS, "container image", kinds="dockerfile"),
    Clue(_RUNS, "Docker Compose", kinds="docker-compose"),
    Clue(
        _RUNS,
        "Kubernetes",
        kinds="kubernetes helm-chart",
        resources="kubernetes:Ingress* kubernetes:HTTPRoute*"
        " terraform:aws_eks_cluster terraform:azurerm_kubernetes_cluster"
        " terraform:google_container_cluster terraform:kubernetes_deployment* terraform:helm_release"
        " cloudformation:AWS::EKS::* bicep:Microsoft.ContainerService/managedClusters",
        actions="azure/k8s-deploy azure/setup-helm",
    ),
    Clue(
        _RUNS,
        "AWS Lambda",
        resources="terraform:aws_lambda_function cloudformation:AWS::Lambda::Function"
        " cloudformation:AWS::Serverless::Function",
        images="public.ecr.aws/lambda/*",
        files="samconfig.toml zappa_settings.json",
        packages="npm/aws-lambda pypi/mangum pypi/aws-lambda-powertools pypi/chalice"
        " nuget/Amazon.Lambda.Core golang/github.com/aws/aws-lambda-go cargo/lambda_runtime",
    ),
    Clue(
        _RUNS,
        "Amazon ECS or App Runner",
        resources="terraform:aws_ecs_service terraform:aws_ecs_task_definition"
        " terraform:aws_apprunner_service cloudformation:AWS::ECS::*"
        " cloudformation:AWS::AppRunner::*",
        actions="aws-actions/amazon-ecs-deploy-task-definition awslabs/amazon-app-runner-deploy",
        files="apprunner.yaml",
    ),
    Clue(
        _RUNS,
        "a virtual machine",
        resources="terraform:aws_instance terraform:google_compute_instance"
        " terraform:azurerm_linux_virtual_machine terraform:hcloud_server"
        " terraform:digitalocean_droplet cloudformation:AWS::EC2::Instance",
    ),
    Clue(
        _RUNS,
        "Google Cloud Run",
        resources="terraform:google_cloud_run_* kubernetes:serving.knative.dev/Service",
        actions="google-github-actions/deploy-cloudrun",
    ),
    Clue(
        _RUNS,
        "Google App Engine",
        resources="terraform:google_app_engine_*",
        files="app.yaml",
        actions="google-github-actions/deploy-appengine",
    ),
    Clue(
        _RUNS,
        "Google Cloud Functions",
        resources="terraform:google_cloudfunctions*",
        packages="pypi/functions-framework npm/@google-cloud/functions-framework npm/firebase-functions",
        actions="google-github-actions/deploy-cloud-functions",
    ),
    Clue(
        _RUNS,
        "Azure Container Apps, App Service or Functions",
        resources="terraform:azurerm_container_app terraform:azurerm_linux_web_app"
        " terraform:azurerm_windows_web_app terraform:azurerm_linux_function_app"
        " bicep:Microsoft.App/containerApps bicep:Microsoft.Web/sites",
        packages="pypi/azure-functions npm/@azure/functions nuget/Microsoft.Azure.Functions.Worker",
        actions="azure/webapps-deploy azure/functions-action azure/container-apps-deploy-action",
        files="azure.yaml",
    ),
    Clue(
        _RUNS,
        "Vercel",
        files="vercel.json",
        resources="terraform:vercel_project",
        actions="amondnet/vercel-action",
    ),
    Clue(
        _RUNS,
        "Netlify",
        files="netlify.toml",
        packages="npm/@netlify/functions",
        actions="nwtgck/actions-netlify",
    ),
    Clue(_RUNS, "Fly.io", files="fly.toml", actions="superfly/flyctl-actions"),
    Clue(_RUNS, "Render", files="render.yaml"),
    Clue(_RUNS, "Railway", files="railway.json railway.toml"),
    Clue(_RUNS, "Heroku, or what reads a Procfile", files="Procfile heroku.yml"),
    Clue(
        _RUNS,
        "Cloudflare Workers",
        files="wrangler.toml wrangler.json wrangler.jsonc",
        resources="terraform:cloudflare_worker*",
        actions="cloudflare/wrangler-action",
    ),
    Clue(_RUNS, "Firebase", files="firebase.json"),
    Clue(_RUNS, "Serverless Framework", files="serverless.yml serverless.yaml"),
    Clue(_RUNS, "a systemd service", files="systemd.service"),
    Clue(
        _RUNS,
        "GitHub Pages",
        actions="actions/deploy-pages peaceiris/actions-gh-pages jamesives/github-pages-deploy-action",
    ),
    Clue(
        _RUNS,
        "a published package or image",
        actions="pypa/gh-action-pypi-publish js-devtools/npm-publish rubygems/release-gem"
        " goreleaser/goreleaser-action changesets/action docker/build-push-action",
    ),
    Clue(
        _RUNS,
        "a mobile app",
        files="AndroidManifest.xml Podfile eas.json",
        packages="npm/react-native npm/expo npm/@capacitor/core npm/@ionic/react npm/@ionic/angular"
        " nuget/Microsoft.Maui.Controls pub/cupertino_icons",
    ),
    Clue(
        _RUNS,
        "a desktop app",
        packages="npm/electron npm/@tauri-apps/api cargo/tauri pypi/pyqt6 pypi/pyside6",
    ),
)
_PAGES = "whether customers see them is for a person to say"
_BY_WHOM = "who calls it is for a person to say"
AUDIENCES = (
    Clue(
        _CUSTOMERS,
        "pages in a browser",
        _PAGES,
        packages="npm/next npm/nuxt npm/react-dom npm/vue npm/@sveltejs/kit npm/svelte npm/astro"
        " npm/@angular/core npm/@remix-run/react npm/gatsby npm/solid-js npm/preact pypi/django"
        " pypi/reflex pypi/nicegui gem/rails composer/laravel/framework composer/symfony/twig-bundle"
        " hex/phoenix_live_view maven/org.springframework.boot/spring-boot-starter-thymeleaf",
    ),
    Clue(
        _CUSTOMERS,
        "a web interface or API",
        _BY_WHOM,
        packages="pypi/fastapi pypi/flask pypi/starlette pypi/sanic pypi/litestar pypi/quart"
        " pypi/aiohttp npm/express npm/fastify npm/koa npm/hono npm/@nestjs/core npm/@hapi/hapi"
        " gem/sinatra maven/org.springframework.boot/spring-boot-starter-web"
        " maven/org.springframework.boot/spring-boot-starter-webflux maven/io.quarkus/quarkus-rest"
        " nuget/Swashbuckle.AspNetCore golang/github.com/gin-gonic/gin golang/github.com/labstack/echo*"
        " golang/github.com/go-chi/chi* golang/github.com/gofiber/fiber* cargo/axum cargo/actix-web"
        " cargo/rocket hex/phoenix",
    ),
    Clue(
        _CUSTOMERS,
        "a chat widget",
        _PAGES,
        packages="npm/@chatscope/chat-ui-kit-react npm/deep-chat npm/deep-chat-react"
        " npm/react-chatbot-kit npm/botframework-webchat npm/@n8n/chat npm/@openai/chatkit"
        " npm/@openai/chatkit-react npm/@assistant-ui/react npm/stream-chat-react"
        " npm/@intercom/messenger-js-sdk npm/react-intercom npm/@livechat/widget-react"
        " npm/@copilotkit/react-ui npm/flowise-embed npm/@typebot.io/react",
        hosts="widget.intercom.io static.zdassets.com embed.tawk.to js.driftt.com client.crisp.chat",
    ),
    Clue(
        _CUSTOMERS,
        "a mobile app",
        "whether customers install it is for a person to say",
        files="AndroidManifest.xml Podfile eas.json",
        packages="npm/react-native npm/expo npm/@capacitor/core npm/@ionic/react npm/@ionic/angular"
        " nuget/Microsoft.Maui.Controls",
    ),
    Clue(
        _CUSTOMERS,
        "an entry from outside the cluster",
        "it may be open to the internet, or to the office alone",
        resources="kubernetes:Ingress kubernetes:HTTPRoute kubernetes:Gateway"
        " kubernetes:networking.istio.io/Gateway kubernetes:traefik.io/IngressRoute"
        " terraform:kubernetes_ingress*",
    ),
    Clue(
        _CUSTOMERS,
        "a load balancer, gateway or distribution",
        "it may be open to the internet, or to the office alone",
        resources="terraform:aws_lb terraform:aws_alb terraform:aws_cloudfront_distribution"
        " terraform:aws_api_gateway_rest_api terraform:aws_apigatewayv2_api"
        " terraform:aws_lambda_function_url terraform:google_compute_global_forwarding_rule"
        " terraform:azurerm_application_gateway terraform:azurerm_cdn_frontdoor_endpoint"
        " terraform:azurerm_api_management cloudformation:AWS::CloudFront::Distribution"
        " cloudformation:AWS::ApiGateway::RestApi cloudformation:AWS::ApiGatewayV2::Api"
        " cloudformation:AWS::Serverless::Api cloudformation:AWS::Serverless::HttpApi"
        " cloudformation:AWS::Lambda::Url"
        " cloudformation:AWS::ElasticLoadBalancingV2::LoadBalancer"
        " bicep:Microsoft.Network/frontDoors bicep:Microsoft.Cdn/profiles"
        " bicep:Microsoft.ApiManagement/service",
    ),
    Clue(
        _CUSTOMERS,
        "sign-in of users",
        "they may be customers or colleagues",
        packages="npm/next-auth npm/@clerk/nextjs npm/@clerk/clerk-react npm/@auth0/nextjs-auth0"
        " npm/@auth0/auth0-react npm/passport npm/better-auth npm/lucia npm/@supabase/auth-helpers-nextjs"
        " npm/@aws-amplify/auth pypi/django-allauth pypi/fastapi-users pypi/flask-login pypi/authlib"
        " gem/devise pub/firebase_auth nuget/Microsoft.AspNetCore.Identity.EntityFrameworkCore",
        images="quay.io/keycloak/keycloak bitnami/keycloak ghcr.io/goauthentik/server",
        resources="terraform:aws_cognito_user_pool cloudformation:AWS::Cognito::UserPool",
        variables="NEXTAUTH_SECRET NEXTAUTH_URL CLERK_SECRET_KEY AUTH0_*",
    ),
    Clue(
        _CUSTOMERS,
        "payments",
        "who pays is a customer",
        packages="pypi/stripe npm/stripe npm/@stripe/stripe-js gem/stripe nuget/Stripe.net"
        " maven/com.stripe/stripe-java golang/github.com/stripe/stripe-go*",
        variables="STRIPE_*",
    ),
    Clue(
        _CUSTOMERS,
        "messages or calls by Twilio",
        "they mostly go to people outside",
        packages="pypi/twilio npm/twilio nuget/Twilio maven/com.twilio.sdk/twilio gem/twilio-ruby"
        " golang/github.com/twilio/twilio-go",
        variables="TWILIO_*",
        hosts="api.twilio.com",
    ),
    Clue(
        _CUSTOMERS,
        "a bot on WhatsApp or Messenger",
        "people outside write to it",
        packages="npm/whatsapp-web.js npm/@whiskeysockets/baileys pypi/pywa pypi/heyoo",
        variables="WHATSAPP_* FB_PAGE_ACCESS_TOKEN MESSENGER_VERIFY_TOKEN",
        hosts="graph.facebook.com",
    ),
    Clue(
        _CUSTOMERS,
        "a bot on Telegram, Discord or LINE",
        "people outside may write to it",
        packages="pypi/python-telegram-bot pypi/aiogram npm/telegraf npm/grammy npm/discord.js"
        " pypi/discord-py pypi/line-bot-sdk npm/@line/bot-sdk"
        " golang/github.com/go-telegram-bot-api/telegram-bot-api*",
        variables="TELEGRAM_BOT_TOKEN DISCORD_BOT_TOKEN DISCORD_TOKEN LINE_CHANNEL_SECRET",
    ),
    Clue(
        _COLLEAGUES,
        "a bot on Slack",
        "mostly colleagues write to it",
        packages="pypi/slack-bolt pypi/slack-sdk npm/@slack/bolt npm/@slack/web-api"
        " maven/com.slack.api/bolt golang/github.com/slack-go/slack gem/slack-ruby-bot",
        variables="SLACK_BOT_TOKEN SLACK_APP_TOKEN SLACK_SIGNING_SECRET",
        hosts="hooks.slack.com",
    ),
    Clue(
        _COLLEAGUES,
        "a bot on Microsoft Teams",
        "mostly colleagues write to it",
        packages="pypi/botbuilder-core pypi/botbuilder-integration-aiohttp npm/botbuilder"
        " npm/@microsoft/teams-ai npm/@microsoft/teams.apps nuget/Microsoft.Bot.Builder"
        " nuget/Microsoft.Teams.AI",
        variables="TEAMS_APP_ID MICROSOFT_APP_ID MicrosoftAppId",
    ),
    Clue(
        _COLLEAGUES,
        "a page for a demonstration or for colleagues",
        "such pages are mostly not for customers",
        packages="pypi/streamlit pypi/gradio pypi/panel pypi/dash pypi/chainlit cran/shiny",
    ),
    Clue(
        _COLLEAGUES,
        "a sign-in of the organisation before it",
        "colleagues alone pass it",
        images="quay.io/oauth2-proxy/oauth2-proxy bitnami/oauth2-proxy pomerium/pomerium"
        " tailscale/tailscale",
        packages="npm/@azure/msal-react npm/@azure/msal-browser helm/oauth2-proxy",
        resources="terraform:google_iap_* terraform:cloudflare_zero_trust_access_application",
    ),
    Clue(
        _COLLEAGUES,
        "jobs that run by a schedule",
        "nobody speaks to them",
        packages="pypi/apache-airflow pypi/dagster pypi/prefect pypi/luigi",
    ),
)
CLUES = (*STORES, *AGENTS, *DEPLOYMENTS, *AUDIENCES)

# What the category of a product that signatures know suggests, and in which words.
OF_CATEGORIES = {
    Category.VECTOR_DB: (_STORE, "keeps or searches vectors"),
    Category.AGENT_FRAMEWORK: (_AGENT, "what agents and chains are made with"),
    Category.AGENT_PLATFORM: (_AGENT, "where agents are run"),
    Category.TOOL_API: (_AGENT, "what agents call"),
    Category.MCP_SDK: (_AGENT, "what offers or calls MCP servers"),
    Category.MCP_SERVER: (_AGENT, "a server of tools"),
}
