//! What every hold store promises: one set of scenarios, run on memory, SQLite and PostgreSQL.
//!
//! PostgreSQL is asked for where `CALLFIRST_TEST_POSTGRES` names a server
//! (`tests/support/postgres.sh start` starts one); elsewhere its tests print SKIPPED.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says when it is skipped"
)]

mod afterwards;
mod audit;
mod bench;
mod content;
mod erasure;
mod holding;
mod outbox;
mod pacing;
mod parties;
mod postgres;
mod queue;
mod sqlite;
mod states;

/// Each scenario as a test on each store.
macro_rules! on_every_store {
    ($($room:ident :: $scenario:ident),* $(,)?) => {
        mod on_memory {
            $(#[tokio::test]
            async fn $scenario() {
                crate::$room::$scenario(crate::bench::Bench::memory()).await;
            })*
        }
        mod on_sqlite {
            $(#[tokio::test]
            async fn $scenario() {
                crate::$room::$scenario(crate::bench::Bench::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $scenario() {
                if let Some(bench) = crate::bench::Bench::postgres().await {
                    crate::$room::$scenario(bench).await;
                }
            })*
        }
    };
}

on_every_store! {
    parties::a_decision_taken_back_takes_its_release_with_it,
    parties::a_release_taken_back_under_its_worker_does_not_begin,
    parties::a_promise_of_a_second_call_takes_the_place_of_the_first,
    parties::a_party_comes_with_its_letter_and_stays,
    parties::of_two_that_take_one_number_the_second_changes_nothing,
    parties::nobody_decides_past_a_party_he_did_not_see,
    parties::there_are_so_many_parties_and_no_more,
    parties::another_release_takes_the_place_of_the_one_that_waits,
    parties::nobody_answers_to_what_he_did_not_see,
    holding::a_hold_is_found_as_it_was_written,
    holding::mail_that_comes_again_finds_its_hold_and_owes_no_second_notice,
    holding::many_at_once_with_one_key_make_one_hold,
    holding::an_open_hold_is_found_by_a_retry_five_days_later,
    holding::an_ended_hold_is_found_within_the_window_and_not_after_it,
    holding::a_prepared_hold_is_invisible_and_its_notice_sleeps,
    holding::a_prepared_hold_is_put_in_force_once,
    holding::a_cancelled_hold_owes_nothing_and_frees_its_key,
    holding::the_retry_of_a_prepared_hold_puts_it_in_force,
    holding::prepared_holds_that_nobody_came_back_for_are_swept,
    holding::a_hold_that_failed_half_way_left_nothing,
    holding::holds_are_listed_newest_first_and_filtered,
    holding::words_that_look_like_sql_come_back_unchanged,
    holding::an_id_that_nobody_has_is_unknown_everywhere,
    states::every_way_through_the_states_is_as_drawn,
    states::only_the_first_of_many_decisions_counts,
    states::a_refused_change_leaves_no_audit_and_no_mail_owed,
    states::what_is_asked_for_once_is_done_once,
    states::reminders_and_expiry_fall_due_and_are_put_off,
    states::a_warning_and_an_escalation_wake_a_hold_and_are_kept,
    states::a_call_back_behind_the_expiry_puts_it_off_and_an_earlier_one_does_not,
    states::a_hold_kept_beyond_its_expiry_is_woken_by_reminders_alone,
    outbox::a_leased_item_is_nobody_elses_until_its_lease_runs_out,
    outbox::a_node_that_starts_takes_back_its_own_leases_and_no_others,
    outbox::two_nodes_never_share_an_item,
    outbox::a_hundred_parallel_releases_are_one_delivery,
    outbox::a_release_in_parts_ends_when_nobody_waits,
    outbox::one_refusal_makes_it_undeliverable_and_owes_a_notice,
    outbox::given_up_means_refused_for_all_who_wait,
    outbox::what_cannot_be_settled_changes_nothing,
    outbox::a_node_that_lost_its_lease_can_neither_begin_nor_settle,
    outbox::a_notice_counts_its_attempts_and_goes_once,
    outbox::notices_are_counted_by_hold_name_and_time,
    queue::each_filter_finds_its_own_and_nothing_else,
    queue::pages_of_every_order_show_each_hold_once,
    queue::what_is_stuck_or_proposed_is_found_and_counted,
    queue::words_that_look_like_sql_are_only_words,
    pacing::a_mail_waits_until_it_is_let_go_and_then_counts,
    pacing::answers_returned_mail_and_releases_never_wait,
    pacing::several_become_one_and_nothing_is_lost_or_doubled,
    pacing::a_step_that_comes_too_late_for_one_of_its_mails_changes_nothing,
    pacing::of_two_steps_at_once_one_counts,
    pacing::what_is_put_off_is_looked_at_then_and_not_sooner,
    pacing::the_notice_of_a_prepared_hold_waits_once_it_is_in_force,
    pacing::a_senders_holds_that_wait_are_found,
    pacing::whoever_wants_no_reminders_gets_none_and_what_watches_goes_on,
    afterwards::a_day_named_in_a_call_makes_a_promise_and_nothing_else_does,
    afterwards::a_promise_falls_due_is_put_off_and_ends,
    afterwards::of_many_changes_of_a_promise_at_once_one_counts,
    afterwards::the_same_customer_is_found_whoever_wrote_the_address_how,
    afterwards::a_mail_to_very_many_is_none_to_a_customer,
    afterwards::a_new_text_passes_once_and_again_only_as_itself,
    afterwards::histories_come_page_by_page_oldest_first,
    afterwards::of_two_new_texts_at_once_one_passes,
    audit::each_change_is_one_link_of_a_whole_chain,
    audit::a_chain_cut_and_grown_anew_is_found_by_a_head_kept_elsewhere,
    audit::whoever_tampers_is_named_by_row,
    content::content_comes_back_octet_for_octet,
    content::damaged_content_is_never_given_out,
    content::content_that_ends_early_is_not_held,
}
