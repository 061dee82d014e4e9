import type { KeyPath } from "./findings.ts";

/**
 * Keys of LiteLLM's `config.yaml` that mean nothing here, by where they stand. Those that hold something back
 * are not among them: they stand in the schema, as not served yet, so that a start without them is refused.
 */
const known: Readonly<Record<string, ReadonlySet<string>>> = {
  "": words(`
    agent_list assistant_settings callback_settings credential_list files_settings finetune_settings
    mcp_aliases mcp_servers mcp_tools prompts router_settings search_tools
    vector_store_registry worker_registry`),
  "general_settings.pass_through_endpoints[]": words(
    "custom_body created_at dependencies is_from_config updated_at",
  ),
  general_settings: words(`
    alert_to_webhook_url alert_type_config alert_types alerting alerting_args alerting_threshold
    allow_cli_sso_verification_uri_complete allow_client_side_credentials allow_public_health_readiness_details
    allow_user_auth always_include_stream_usage apply_user_budget_to_team_keys
    auto_redirect_ui_login_to_sso background_health_check_model_groups background_health_checks cancel_on_disconnect
    completion_model control_plane_url coordination_redis custom_auth_run_common_checks custom_key_generate
    custom_key_update custom_sso custom_ui_sso_sign_in_handler database_args database_connect_timeout
    database_connection_pool_limit database_connection_pool_timeout database_connection_timeout
    database_disable_prepared_statements database_extra_connection_params database_socket_timeout database_type
    default_team_disabled disable_adding_master_key_hash_to_db disable_auto_add_proxy_admin_to_teams
    disable_budget_reservation disable_error_logs disable_master_key_return disable_prisma_schema_update
    disable_reset_budget disable_responses_id_security disable_retry_on_max_parallel_request_limit_error
    disable_spend_updates embedding_model enable_health_check_routing enable_mcp_registry
    enable_openai_websocket_passthrough enable_public_model_hub forward_client_headers_to_llm_api
    forward_llm_provider_auth_headers forward_openai_org_id health_check_concurrency health_check_details
    health_check_ignore_transient_errors health_check_interval health_check_skip_disabled_background_models
    health_check_staleness_threshold image_generation_model infer_model_from_keys key_management_settings
    key_management_system litellm_jwtauth litellm_license maximum_autorouter_session_retention_period
    maximum_health_check_retention_period maximum_spend_logs_cleanup_batch_size
    maximum_spend_logs_cleanup_batch_timeout maximum_spend_logs_cleanup_cron maximum_spend_logs_cleanup_max_batches
    maximum_spend_logs_cleanup_run_budget maximum_spend_logs_retention_interval mcp_client_side_auth_header_name
    mcp_internal_ip_ranges mcp_required_fields mcp_trusted_proxy_ranges mcp_xff_num_trusted_hops
    model_list_healthy_only moderation_model oauth2_config_mappings otel plugins
    provider_url_destination_allowed_hosts proxy_batch_polling_interval proxy_batch_write_at
    proxy_budget_rescheduler_max_time proxy_budget_rescheduler_min_time proxy_config_reload_interval_seconds
    public_routes require_end_user_mcp_access_defined scheduled_job_stagger search_tools service_account_settings
    spend_report_frequency store_model_in_db supported_db_objects token_rate_limit_type trusted_proxy_ranges
    ui_access_mode use_azure_key_vault use_google_kms use_redis_transaction_buffer use_shared_health_check
    use_spend_logs_partitioning use_x_forwarded_for user_api_key_cache_ttl user_header_mappings user_header_name
    user_mcp_management_mode user_url_allowed_hosts user_url_validation`),
  litellm_settings: words(`
    LITELLM_DISABLE_STOP_SEQUENCE_LIMIT add_function_to_prompt allowed_fails anthropic_key api_base api_key api_version
    aws_sqs_callback_params azure_content_safety_params azure_key azure_storage_callback_params cache cache_params
    caching cold_storage_custom_logger cohere_key content_policy_fallbacks context_window_fallbacks
    cooldown_time credential_list custom_prometheus_metadata_labels custom_prometheus_tags custom_provider_map
    datadog_llm_observability_params datadog_params default_fallbacks default_in_memory_ttl
    default_internal_user_params default_key_generate_params default_max_internal_user_budget default_redis_ttl
    default_team_params default_team_settings default_vertex_config disable_add_prefix_to_prompt
    disable_add_transform_inline_image_block disable_add_user_agent_to_request_tags disable_copilot_system_to_assistant
    disable_default_user_agent disable_end_user_cost_tracking disable_end_user_cost_tracking_prometheus_only
    disable_hf_tokenizer_download disable_no_log_param disable_streaming_logging disable_token_counter drop_params
    enable_azure_ad_token_refresh enable_caching_on_provider_specific_optional_params
    enable_end_user_cost_tracking_prometheus_only enable_json_schema_validation enable_key_alias_format_validation
    enable_preview_features enable_loadbalancing_on_batch_endpoints extra_spend_tag_headers fallbacks
    filter_invalid_headers force_ipv4 forward_traceparent_to_llm_provider gcs_pub_sub_use_v1 generic_logger_headers
    input_callback
    internal_user_budget_duration json_logs key_generation_settings langfuse_default_tags
    langsmith_batch_size llamaguard_model_name llamaguard_unsafe_content_categories log_raw_request_response
    max_fallbacks max_internal_user_budget max_tokens
    max_ui_session_budget mcp_aliases model_alias_map model_cost_map_url model_group_alias model_group_settings modify_params
    network_mock num_retries num_retries_per_request openai_key organization output_parse_pii
    presidio_ad_hoc_recognizers prometheus_initialize_budget_metrics prometheus_metrics_config
    prompt_injection_params public_agent_groups public_mcp_servers public_model_groups public_model_groups_links
    redact_messages_in_exceptions redact_user_api_key_info redis_batch_writing_buffer_size request_timeout
    require_auth_for_metrics_endpoint return_response_headers s3_callback_params service_callback
    service_callbacks set_verbose skip_system_message_in_guardrail ssl_certificate ssl_ecdh_curve ssl_security_level
    ssl_verify store_audit_logs store_audit_logs_params suppress_debug_info team_alias_map telemetry
    upperbound_key_generate_params use_aiohttp_transport use_chat_completions_url_for_anthropic_messages     vertex_location vertex_project`),
};

/** What to do instead, where there is something. */
const remedies: Readonly<Record<string, string>> = {
  "general_settings.trusted_proxy_ranges": "Name the proxies in general_settings.trusted_proxies.",
  "general_settings.use_x_forwarded_for": "Name the proxies in general_settings.trusted_proxies.",
  "litellm_settings.json_logs": "Log lines are JSON wherever stderr is not a terminal.",
  "litellm_settings.request_timeout": "Use general_settings.pass_through_request_timeout.",
  "litellm_settings.set_verbose": "Use --log-level debug.",
  "litellm_settings.ssl_verify": "Give the endpoint tls.ca.",
  "general_settings.cancel_on_disconnect": "It is always so here.",
};

/** What to do about a key that LiteLLM reads and that means nothing here; null for any other key. */
export function remedyForLitellmKey(path: KeyPath): string | null {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1).map((part) => (typeof part === "number" ? "[]" : part));
  const section = parent.join(".").replaceAll(".[]", "[]");
  const names = Object.hasOwn(known, section) ? known[section] : undefined;
  if (names?.has(key) !== true) return null;
  return remedies[`${section}.${key}`] ?? "It is ignored.";
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
