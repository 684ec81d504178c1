pub fn prompts() -> &'static str {
    ""
}
